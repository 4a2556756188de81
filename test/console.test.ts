import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { logIn, password, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

// What a console for admins asks, in the order in which it asks; after each write it reads what it shows.
const service = await startService();
const work = await createWork(service);
const { admin: as } = work;
test.after.always(() => service.stop());

const find = <Item extends { readonly id: string }>(items: readonly Item[], { id }: { id: string }) =>
  items.find((item) => item.id === id);

test.serial('a sign-in leads to whoever signed in, and a wrong password says so in words', async (t) => {
  const { email } = await platformAdmin(service);
  const { body } = await service.call('logIn', 200, { body: { email, password } });
  t.true(body.user.is_platform_admin);
  t.deepEqual((await service.call('getMe', 200, { as: body.tokens })).body, body.user);

  const { body: problem } = await service.call('logIn', 401, { body: { email, password: 'not this one' } });
  t.is(problem.detail, 'Invalid credentials');
  t.is(
    (await service.call('logIn', 401, { body: { email: 'nobody@example.org', password } })).body.detail,
    problem.detail,
  );
});

test.serial(
  'a page load finds user, roles and managed organizations, all at once and in many tabs',
  async (t) => {
    const admin = await platformAdmin(service);
    const { body: own } = await service.call('createOrganization', 201, {
      as: admin,
      body: { name: 'Here', slug: randomUUID(), manager_id: admin.id },
    });
    const tabs = await Promise.all(
      Array.from({ length: 30 }, () =>
        Promise.all([
          service.call('getMe', 200, { as: admin }),
          service.call('listMyRoles', 200, { as: admin }),
          service.call('listMyManagedOrganizations', 200, { as: admin }),
        ]),
      ),
    );
    for (const [me, roles, organizations] of tabs) {
      t.is(me.body.id, admin.id);
      t.deepEqual(roles.body, []);
      t.deepEqual(organizations.body.managed_org_ids, [own.id]);
    }
  },
);

test.serial('a page load with tokens from before refreshes them once and goes on', async (t) => {
  const admin = await logIn(service, await platformAdmin(service));
  const body = { refresh_token: admin.refresh_token };
  const [tokens, sameForAnotherTab] = await Promise.all([
    service.call('refreshTokens', 200, { body }),
    service.call('refreshTokens', 200, { body }),
  ]);
  t.is(tokens.body.refresh_token, sameForAnotherTab.body.refresh_token);
  t.is((await service.call('getMe', 200, { as: tokens.body })).body.id, admin.id);
  await service.call('logOut', 204, { body: { refresh_token: tokens.body.refresh_token } });
  t.is(typeof (await service.call('getMe', 401, { as: tokens.body })).body.detail, 'string');
});

test.serial('the dashboard’s lists are bare arrays, each of them complete', async (t) => {
  const ids = [
    'listApps',
    'listUsers',
    'listLanguages',
    'listOrganizations',
    'listProjects',
    'listPhases',
  ] as const;
  const lists = await Promise.all(ids.map((id) => service.call(id, 200, { as })));
  for (const { body, headers } of lists) {
    t.true(Array.isArray(body));
    t.is(headers.get('Link'), null);
  }
});

test.serial('an app is made, given a role and automatic approval, and each shows at once', async (t) => {
  const app_key = `app-${randomUUID()}`;
  const { body: app } = await service.call('createApp', 201, {
    as,
    body: { app_key, name: 'Story Library', platform: 'web', is_active: true, auto_approve: false },
  });
  const path = { app_id: app.id };
  t.deepEqual(find((await service.call('listApps', 200, { as })).body, app), app);
  const keys = async () =>
    (await service.call('listAppRoles', 200, { as, path })).body.map(({ role_key }) => role_key).sort();
  const given = ['admin', 'annotator', 'facilitator', 'reviewer', 'viewer'];
  t.deepEqual(await keys(), given);

  const { body: role } = await service.call('createAppRole', 201, {
    as,
    path,
    body: { role_key: 'keeper', label: 'Keeper' },
  });
  t.deepEqual(await keys(), [...given, 'keeper'].sort());
  await service.call('createAppRole', 409, { as, path, body: { role_key: 'keeper', label: 'Keeper' } });

  const person = await signUp(service);
  const { body: request } = await service.call('createAccessRequest', 201, { as: person, body: { app_key } });
  t.is(request.status, 'pending');
  const { body: changed } = await service.call('updateApp', 200, { as, path, body: { auto_approve: true } });
  t.true(changed.auto_approve);
  t.deepEqual((await service.call('getApp', 200, { as, path })).body, changed);
  t.is(
    (await service.call('getMyAccessRequest', 200, { as: person, query: { app_key } })).body?.status,
    'approved',
  );
  t.deepEqual((await service.call('listMyRoles', 200, { as: person, query: { app_key } })).body, [
    { app_key, role_key: 'viewer' },
  ]);
  t.true((await service.call('listMyApps', 200, { as: person })).body.some(({ id }) => id === app.id));

  await service.call('deleteAppRole', 204, { as, path: { ...path, role_id: role.id } });
  t.deepEqual(await keys(), given);
  await service.call('deleteApp', 204, { as, path });
  t.is(find((await service.call('listApps', 200, { as })).body, app), undefined);
});

test.serial('the roles of 300 users are read all at once', async (t) => {
  const { rows } = await service.context.database.raw<{ rows: { id: string }[] }>(
    `insert into users (id, email, search_text, password_hash)
       select id, id || '@example.org', id || '@example.org', '' from (
         select gen_random_uuid() id from generate_series(1, 300)) new returning id`,
  );
  const { body: users } = await service.call('listUsers', 200, { as });
  t.true(rows.every((row) => find(users, row)));
  const answers = await Promise.all(
    rows.map(({ id }) => service.call('listUserRoles', 200, { as, path: { user_id: id } })),
  );
  t.true(answers.every(({ body }) => body.length === 0));
});

test.serial('a role that is given or taken shows with its user at once', async (t) => {
  const person = await signUp(service);
  const body = { target_user_id: person.id, app_key: 'avita', role_key: 'reviewer' };
  const roles = async () =>
    (await service.call('listUserRoles', 200, { as, path: { user_id: person.id } })).body.map(
      ({ app_key, role_key }) => `${app_key} ${role_key}`,
    );
  await service.call('assignRole', 200, { as, body });
  t.deepEqual(await roles(), ['avita reviewer']);
  await service.call('revokeRole', 200, { as, body });
  t.deepEqual(await roles(), []);
});

test.serial('a user is found, changed and deleted, and each shows at once', async (t) => {
  const person = await signUp(service);
  const path = { user_id: person.id };
  const { body: found } = await service.call('searchUsers', 200, { as, query: { q: person.email } });
  t.is(found[0]?.id, person.id);
  const { body: changed } = await service.call('updateUser', 200, { as, path, body: { is_active: false } });
  t.deepEqual((await service.call('getUser', 200, { as, path })).body, changed);
  await service.call('getMe', 401, { as: person });
  await service.call('deleteUser', 204, { as, path });
  t.is(find((await service.call('listUsers', 200, { as })).body, person), undefined);
});

test.serial('a language is looked up, made, renamed and deleted, and each shows at once', async (t) => {
  const { body: candidates } = await service.call('searchLanguageRegistry', 200, { as, query: { q: 'dan' } });
  t.like(candidates[0], { code: 'dan', name: 'Danish', language_id: null });
  const body = { name: 'Danish', code: 'dan' };
  const { body: language } = await service.call('createLanguage', 201, { as, body });
  t.deepEqual(find((await service.call('listLanguages', 200, { as })).body, language), language);
  t.is((await service.call('createLanguage', 409, { as, body })).body.code, 'LANGUAGE_CODE_TAKEN');
  const path = { language_id: language.id };
  await service.call('updateLanguage', 200, { as, path, body: { name: 'Dansk' } });
  t.is((await service.call('getLanguageByCode', 200, { as, path: { code: 'DAN' } })).body.name, 'Dansk');
  await service.call('deleteLanguage', 204, { as, path });
  t.is(find((await service.call('listLanguages', 200, { as })).body, language), undefined);
});

test.serial('an organization gets members and a manager, and each shows at once', async (t) => {
  const [person, manager] = [await signUp(service), await signUp(service)];
  const slug = randomUUID();
  const { body: organization } = await service.call('createOrganization', 201, {
    as,
    body: { name: 'Coast', slug },
  });
  const path = { organization_id: organization.id };
  t.deepEqual(find((await service.call('listOrganizations', 200, { as })).body, organization), organization);

  const roles = async () =>
    Object.fromEntries(
      (await service.call('listOrganizationMembers', 200, { as, path })).body.map(({ email, role }) => [
        email,
        role,
      ]),
    );
  const body = { user_id: person.id, role: 'member' } as const;
  await service.call('addOrganizationMember', 201, { as, path, body });
  t.deepEqual(await roles(), { [person.email]: 'member' });
  t.is((await service.call('addOrganizationMember', 409, { as, path, body })).body.code, 'ALREADY_MEMBER');
  const member = { ...path, user_id: person.id };
  await service.call('updateOrganizationMember', 200, { as, path: member, body: { role: 'manager' } });
  t.deepEqual(await roles(), { [person.email]: 'manager' });

  await service.call('updateOrganization', 200, {
    as,
    path,
    body: { manager_id: manager.id, name: 'Coasts' },
  });
  t.like((await service.call('getOrganizationBySlug', 200, { as, path: { slug } })).body, {
    name: 'Coasts',
    manager_id: manager.id,
  });
  t.deepEqual((await service.call('listMyManagedOrganizations', 200, { as: manager })).body, {
    managed_org_ids: [organization.id],
  });
  t.is((await service.call('getOrganizationStatistics', 200, { as, path })).body.member_count, 2);

  await service.call('removeOrganizationMember', 204, { as, path: member });
  t.deepEqual(await roles(), {});
  t.deepEqual(
    (await service.call('listMyManagedOrganizations', 200, { as: person })).body.managed_org_ids,
    [],
  );
  await service.call('deleteOrganization', 204, { as, path });
  t.is(find((await service.call('listOrganizations', 200, { as })).body, organization), undefined);
});

test.serial('a project gets a place, people, organizations and phases, and each shows at once', async (t) => {
  const person = await signUp(service);
  const { body: organization } = await service.call('createOrganization', 201, {
    as,
    body: { name: 'Coast', slug: randomUUID() },
  });
  const [project, phase] = [await work.addProject(as), await work.addPhase()];
  const path = { project_id: project.id };
  t.deepEqual(find((await service.call('listProjects', 200, { as })).body, project), project);

  // The map.
  const place = { latitude: -4.0435, longitude: 39.6682, location_display_name: 'Mombasa' };
  await service.call('updateProjectLocation', 200, { as, path, body: place });
  t.like(find((await service.call('listProjects', 200, { as })).body, project), place);

  await service.call('grantProjectUserAccess', 201, {
    as,
    path,
    body: { user_id: person.id, role: 'manager' },
  });
  await service.call('grantProjectOrganizationAccess', 201, {
    as,
    path,
    body: { organization_id: organization.id },
  });
  const { body: people } = await service.call('listProjectUserAccess', 200, { as, path });
  t.is(people.find(({ user_id }) => user_id === person.id)?.role, 'manager');
  const { body: organizations } = await service.call('listProjectOrganizationAccess', 200, { as, path });
  t.deepEqual(
    organizations.map(({ name }) => name),
    ['Coast'],
  );
  await service.call('updateProjectUserAccess', 200, {
    as,
    path: { ...path, user_id: person.id },
    body: { role: 'member' },
  });
  t.deepEqual((await service.call('listMyProjectRoles', 200, { as: person })).body.project_roles, {
    [project.id]: 'member',
  });

  await service.call('attachProjectPhase', 204, { as, path, body: { phase_id: phase.id } });
  const problem = await service.call('attachProjectPhase', 409, { as, path, body: { phase_id: phase.id } });
  t.true(problem.body.detail.length > 0);
  for (const status of ['in_progress', 'blocked', 'completed', 'not_started'] as const) {
    await service.call('updateProjectPhase', 200, {
      as,
      path: { ...path, phase_id: phase.id },
      body: { status },
    });
    t.is((await service.call('listProjectPhases', 200, { as, path })).body[0]?.status, status);
  }

  await service.call('detachProjectPhase', 204, { as, path: { ...path, phase_id: phase.id } });
  t.deepEqual((await service.call('listProjectPhases', 200, { as, path })).body, []);
  await service.call('revokeProjectUserAccess', 204, { as, path: { ...path, user_id: person.id } });
  await service.call('revokeProjectOrganizationAccess', 204, {
    as,
    path: { ...path, organization_id: organization.id },
  });
  await service.call('getProject', 403, { as: person, path });
  await service.call('deleteProject', 204, { as, path });
  t.is(find((await service.call('listProjects', 200, { as })).body, project), undefined);
});

test.serial('the phases of 100 projects are read all at once, each with a status of the four', async (t) => {
  const phase = await work.addPhase();
  const projects = await Promise.all(Array.from({ length: 100 }, () => work.addProject(as)));
  const body = { phase_id: phase.id };
  for (const { id } of projects)
    await service.call('attachProjectPhase', 204, { as, path: { project_id: id }, body });
  const lists = await Promise.all(
    projects.map(({ id }) => service.call('listProjectPhases', 200, { as, path: { project_id: id } })),
  );
  for (const { body: phases } of lists) {
    t.deepEqual(
      phases.map(({ phase_id, status }) => ({ phase_id, status })),
      [{ phase_id: phase.id, status: 'not_started' }],
    );
  }
});

test.serial('the graph of phases shows each dependency that is added or removed', async (t) => {
  const [draft, check] = [await work.addPhase(), await work.addPhase()];
  const graph = async (): Promise<readonly string[] | undefined> => {
    const { body } = await service.call('listPhasesWithDependencies', 200, { as });
    t.truthy(find(body.phases, draft));
    const dependencies: Record<string, readonly string[] | undefined> = body.dependencies;
    return dependencies[check.id];
  };
  const path = { phase_id: check.id };
  await service.call('addPhaseDependency', 201, { as, path, body: { depends_on_id: draft.id } });
  t.deepEqual(await graph(), [draft.id]);
  const circle = { as, path: { phase_id: draft.id }, body: { depends_on_id: check.id } };
  const { body: problem } = await service.call('addPhaseDependency', 409, circle);
  t.is(problem.code, 'PHASE_CYCLE');
  t.is(typeof problem.detail, 'string');
  await service.call('removePhaseDependency', 204, { as, path: { ...path, depends_on_id: draft.id } });
  t.deepEqual((await graph()) ?? [], []);
  const { body: changed } = await service.call('updatePhase', 200, {
    as,
    path,
    body: { description: 'Twice' },
  });
  t.deepEqual(find((await service.call('listPhases', 200, { as })).body, check), changed);
  await service.call('deletePhase', 204, { as, path });
  await service.call('getPhase', 404, { as, path });
});

test.serial('a request for access is seen, decided on and gone from what is pending', async (t) => {
  const person = await signUp(service);
  const app_key = 'oral-bridge';
  const { body: request } = await service.call('createAccessRequest', 201, { as: person, body: { app_key } });
  const pending = async () =>
    (await service.call('listAccessRequests', 200, { as, query: { app_key, status: 'pending' } })).body;
  t.deepEqual(find(await pending(), request), request);
  const path = { request_id: request.id };
  const body = { status: 'approved', role_key: 'annotator' } satisfies Schema<'ReviewAccessRequestRequest'>;
  await service.call('reviewAccessRequest', 200, { as, path, body });
  t.is(find(await pending(), request), undefined);
  const { body: roles } = await service.call('listUserRoles', 200, { as, path: { user_id: person.id } });
  t.like(roles, [{ app_key, role_key: 'annotator' }]);
  const { body: problem } = await service.call('reviewAccessRequest', 409, { as, path, body });
  t.true(problem.detail.length > 0);
});

test.serial('whatever goes wrong says so in words that can be shown', async (t) => {
  const requests = [
    { method: 'POST', path: '/api/languages', as, body: '{"name": "", "code": 7}' },
    { method: 'POST', path: '/api/languages', as, body: '{' },
    { method: 'GET', path: `/api/projects/${randomUUID()}`, as },
    { method: 'GET', path: '/api/users/no-id', as },
    { method: 'GET', path: '/api/users' },
    { method: 'GET', path: '/api/users', as: await signUp(service) },
    { method: 'PUT', path: '/api/users', as },
    { method: 'GET', path: '/api/nothing', as },
  ];
  for (const request of requests) {
    const { status, body } = await service.send(request);
    t.true(status >= 400 && status < 500);
    const { detail } = body as { detail: unknown };
    t.true(typeof detail === 'string' && /^[A-Z].*[.!]$/s.test(detail), String(detail));
  }
});
