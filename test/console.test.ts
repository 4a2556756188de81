import { randomUUID } from 'node:crypto';
import test from 'ava';
import { checkedFetch } from './helpers/client.ts';
import { keepTokens, type KeptTokens } from './helpers/kept-tokens.ts';
import { installClient } from './helpers/packed-client.ts';
import { password, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

// What a console for admins asks, in the order in which it asks; after each write it reads what it shows.
const { tripod, remove } = await installClient();
const { dataOf } = tripod;
const service = await startService();
const work = await createWork(service);
const admin = openConsole();
await dataOf(admin.logIn({ email: work.admin.email, password }));
test.after.always(async () => {
  await service.stop();
  await remove();
});

function openConsole(storage: KeptTokens = keepTokens()) {
  return tripod.createTripodClient({ baseUrl: service.url, storage, fetch: checkedFetch });
}

/** Somebody else, with a console of their own. */
async function newPerson() {
  const console = openConsole();
  const { user } = await dataOf(console.signUp({ email: `${randomUUID()}@example.org`, password }));
  return { console, ...user };
}

const find = <Item extends { readonly id: string }>(items: readonly Item[], { id }: { id: string }) =>
  items.find((item) => item.id === id);

test.serial('a sign-in leads to whoever signed in, and a wrong password says so in words', async (t) => {
  const console = openConsole();
  const { user } = await dataOf(console.logIn({ email: work.admin.email, password }));
  t.true(user.is_platform_admin);
  t.deepEqual(await dataOf(console.GET('/api/auth/me')), user);

  const { error } = await console.logIn({ email: work.admin.email, password: 'not this one' });
  t.is(error?.detail, 'Invalid credentials');
  const { error: unknown } = await console.logIn({ email: 'nobody@example.org', password });
  t.is(unknown?.detail, error?.detail);
});

test.serial(
  'a page load finds user, roles and managed organizations, all at once and in many tabs',
  async (t) => {
    const manager = await newPerson();
    const body = { name: 'Here', slug: randomUUID(), manager_id: manager.id };
    const own = await dataOf(admin.POST('/api/organizations', { body }));
    const tabs = await Promise.all(
      Array.from({ length: 30 }, () =>
        Promise.all([
          dataOf(manager.console.GET('/api/auth/me')),
          dataOf(manager.console.GET('/api/auth/my-roles')),
          dataOf(manager.console.GET('/api/auth/my-managed-orgs')),
        ]),
      ),
    );
    for (const [me, roles, organizations] of tabs) {
      t.is(me.id, manager.id);
      t.deepEqual(roles, []);
      t.deepEqual(organizations.managed_org_ids, [own.id]);
    }
  },
);

test.serial('a page load with tokens from before refreshes them once and goes on', async (t) => {
  const storage = keepTokens();
  const first = openConsole(storage);
  const { user } = await dataOf(first.logIn({ email: work.admin.email, password }));
  storage.grow('expired');
  const second = openConsole(storage);
  const tabs = [first, second];
  for (const me of await Promise.all(tabs.map((tab) => dataOf(tab.GET('/api/auth/me')))))
    t.deepEqual(me, user);
  await first.logOut();
  t.is(typeof (await second.GET('/api/auth/me')).error?.detail, 'string');
  t.false(await second.isSignedIn());
});

test.serial('the dashboard’s lists are bare arrays, each of them complete', async (t) => {
  const paths = [
    '/api/apps',
    '/api/users',
    '/api/languages',
    '/api/organizations',
    '/api/projects',
    '/api/phases',
  ] as const;
  for (const { data, response } of await Promise.all(paths.map((path) => admin.GET(path)))) {
    t.true(Array.isArray(data));
    t.is(response.headers.get('Link'), null);
  }
});

test.serial('an app is made, given a role and automatic approval, and each shows at once', async (t) => {
  const app_key = `app-${randomUUID()}`;
  const app = await dataOf(
    admin.POST('/api/apps', {
      body: { app_key, name: 'Story Library', platform: 'web', is_active: true, auto_approve: false },
    }),
  );
  const path = { app_id: app.id };
  t.deepEqual(find(await dataOf(admin.GET('/api/apps')), app), app);
  const keys = async () =>
    (await dataOf(admin.GET('/api/apps/{app_id}/roles', { params: { path } })))
      .map(({ role_key }) => role_key)
      .sort();
  const given = ['admin', 'annotator', 'facilitator', 'reviewer', 'viewer'];
  t.deepEqual(await keys(), given);

  const keeper = { params: { path }, body: { role_key: 'keeper', label: 'Keeper' } };
  const role = await dataOf(admin.POST('/api/apps/{app_id}/roles', keeper));
  t.deepEqual(await keys(), [...given, 'keeper'].sort());
  t.is((await admin.POST('/api/apps/{app_id}/roles', keeper)).error?.code, 'APP_ROLE_TAKEN');

  const person = await newPerson();
  const asked = await dataOf(person.console.POST('/api/access-requests', { body: { app_key } }));
  t.is(asked.status, 'pending');
  const change = { params: { path }, body: { auto_approve: true } };
  const changed = await dataOf(admin.PATCH('/api/apps/{app_id}', change));
  t.true(changed.auto_approve);
  t.deepEqual(await dataOf(admin.GET('/api/apps/{app_id}', { params: { path } })), changed);
  const params = { query: { app_key } };
  t.is((await dataOf(person.console.GET('/api/access-requests/mine', { params })))?.status, 'approved');
  t.deepEqual(await dataOf(person.console.GET('/api/auth/my-roles', { params })), [
    { app_key, role_key: 'viewer' },
  ]);
  t.truthy(find(await dataOf(person.console.GET('/api/apps/my-apps')), app));

  const ofRole = { path: { ...path, role_id: role.id } };
  await dataOf(admin.DELETE('/api/apps/{app_id}/roles/{role_id}', { params: ofRole }));
  t.deepEqual(await keys(), given);
  await dataOf(admin.DELETE('/api/apps/{app_id}', { params: { path } }));
  t.is(find(await dataOf(admin.GET('/api/apps')), app), undefined);
});

test.serial('the roles of 300 users are read all at once', async (t) => {
  const { rows } = await service.context.database.raw<{ rows: { id: string }[] }>(
    `insert into users (id, email, search_text, password_hash)
       select id, id || '@example.org', id || '@example.org', '' from (
         select gen_random_uuid() id from generate_series(1, 300)) new returning id`,
  );
  const users = await dataOf(admin.GET('/api/users'));
  t.true(rows.every((row) => find(users, row)));
  const lists = await Promise.all(rows.map(({ id }) => rolesOf(id)));
  t.true(lists.every((roles) => roles.length === 0));
});

function rolesOf(user_id: string) {
  return dataOf(admin.GET('/api/users/{user_id}/roles', { params: { path: { user_id } } }));
}

test.serial('a role that is given or taken shows with its user at once', async (t) => {
  const person = await newPerson();
  const body = { target_user_id: person.id, app_key: 'avita', role_key: 'reviewer' };
  const roles = async () =>
    (await rolesOf(person.id)).map(({ app_key, role_key }) => `${app_key} ${role_key}`);
  await dataOf(admin.POST('/api/roles/assign', { body }));
  t.deepEqual(await roles(), ['avita reviewer']);
  await dataOf(admin.POST('/api/roles/revoke', { body }));
  t.deepEqual(await roles(), []);
});

test.serial('a user is found, changed and deleted, and each shows at once', async (t) => {
  const person = await newPerson();
  const params = { path: { user_id: person.id } };
  const found = await dataOf(admin.GET('/api/users/search', { params: { query: { q: person.email } } }));
  t.is(found[0]?.id, person.id);
  const change = { params, body: { is_active: false } };
  const changed = await dataOf(admin.PATCH('/api/users/{user_id}', change));
  t.deepEqual(await dataOf(admin.GET('/api/users/{user_id}', { params })), changed);
  t.is((await person.console.GET('/api/auth/me')).response.status, 401);
  t.false(await person.console.isSignedIn());
  await dataOf(admin.DELETE('/api/users/{user_id}', { params }));
  t.is(find(await dataOf(admin.GET('/api/users')), person), undefined);
});

test.serial('a language is looked up, made, renamed and deleted, and each shows at once', async (t) => {
  const query = { q: 'dan' };
  const candidates = await dataOf(admin.GET('/api/languages/registry', { params: { query } }));
  t.like(candidates[0], { code: 'dan', name: 'Danish', language_id: null });
  const body = { name: 'Danish', code: 'dan' };
  const language = await dataOf(admin.POST('/api/languages', { body }));
  t.deepEqual(find(await dataOf(admin.GET('/api/languages')), language), language);
  t.is((await admin.POST('/api/languages', { body })).error?.code, 'LANGUAGE_CODE_TAKEN');
  const params = { path: { language_id: language.id } };
  await dataOf(admin.PATCH('/api/languages/{language_id}', { params, body: { name: 'Dansk' } }));
  const byCode = { path: { code: 'DAN' } };
  t.is((await dataOf(admin.GET('/api/languages/code/{code}', { params: byCode }))).name, 'Dansk');
  await dataOf(admin.DELETE('/api/languages/{language_id}', { params }));
  t.is(find(await dataOf(admin.GET('/api/languages')), language), undefined);
});

test.serial('an organization gets members and a manager, and each shows at once', async (t) => {
  const [person, manager] = [await newPerson(), await newPerson()];
  const slug = randomUUID();
  const organization = await dataOf(admin.POST('/api/organizations', { body: { name: 'Coast', slug } }));
  const params = { path: { organization_id: organization.id } };
  t.deepEqual(find(await dataOf(admin.GET('/api/organizations')), organization), organization);

  const members = '/api/organizations/{organization_id}/members';
  const roles = async () =>
    Object.fromEntries(
      (await dataOf(admin.GET(members, { params }))).map(({ email, role }) => [email, role]),
    );
  const body = { user_id: person.id, role: 'member' } as const;
  await dataOf(admin.POST(members, { params, body }));
  t.deepEqual(await roles(), { [person.email]: 'member' });
  t.is((await admin.POST(members, { params, body })).error?.code, 'ALREADY_MEMBER');
  const ofMember = { path: { ...params.path, user_id: person.id } };
  await dataOf(admin.PATCH(`${members}/{user_id}`, { params: ofMember, body: { role: 'manager' } }));
  t.deepEqual(await roles(), { [person.email]: 'manager' });

  const change = { manager_id: manager.id, name: 'Coasts' };
  await dataOf(admin.PATCH('/api/organizations/{organization_id}', { params, body: change }));
  const bySlug = { path: { slug } };
  t.like(await dataOf(admin.GET('/api/organizations/slug/{slug}', { params: bySlug })), change);
  const managed = async ({ console }: typeof person) =>
    (await dataOf(console.GET('/api/auth/my-managed-orgs'))).managed_org_ids;
  t.deepEqual(await managed(manager), [organization.id]);
  const statistics = await dataOf(admin.GET('/api/organizations/{organization_id}/stats', { params }));
  t.is(statistics.member_count, 2);

  await dataOf(admin.DELETE(`${members}/{user_id}`, { params: ofMember }));
  t.deepEqual(await roles(), {});
  t.deepEqual(await managed(person), []);
  await dataOf(admin.DELETE('/api/organizations/{organization_id}', { params }));
  t.is(find(await dataOf(admin.GET('/api/organizations')), organization), undefined);
});

test.serial('a project gets a place, people, organizations and phases, and each shows at once', async (t) => {
  const person = await newPerson();
  const slug = randomUUID();
  const organization = await dataOf(admin.POST('/api/organizations', { body: { name: 'Coast', slug } }));
  const [project, phase] = [await addProject(), await work.addPhase()];
  const path = { project_id: project.id };
  const params = { path };
  t.deepEqual(find(await dataOf(admin.GET('/api/projects')), project), project);

  // The map.
  const place = { latitude: -4.0435, longitude: 39.6682, location_display_name: 'Mombasa' };
  await dataOf(admin.PATCH('/api/projects/{project_id}/location', { params, body: place }));
  t.like(find(await dataOf(admin.GET('/api/projects')), project), place);

  const users = '/api/projects/{project_id}/access/users';
  const organizations = '/api/projects/{project_id}/access/organizations';
  await dataOf(admin.POST(users, { params, body: { user_id: person.id, role: 'manager' } }));
  await dataOf(admin.POST(organizations, { params, body: { organization_id: organization.id } }));
  const people = await dataOf(admin.GET(users, { params }));
  t.is(people.find(({ user_id }) => user_id === person.id)?.role, 'manager');
  t.deepEqual(
    (await dataOf(admin.GET(organizations, { params }))).map(({ name }) => name),
    ['Coast'],
  );
  const ofPerson = { path: { ...path, user_id: person.id } };
  await dataOf(admin.PATCH(`${users}/{user_id}`, { params: ofPerson, body: { role: 'member' } }));
  t.deepEqual((await dataOf(person.console.GET('/api/auth/my-project-roles'))).project_roles, {
    [project.id]: 'member',
  });

  const phases = '/api/projects/{project_id}/phases';
  const body = { phase_id: phase.id };
  await dataOf(admin.POST(phases, { params, body }));
  t.is((await admin.POST(phases, { params, body })).error?.code, 'PHASE_ALREADY_ATTACHED');
  const ofPhase = { path: { ...path, phase_id: phase.id } };
  for (const status of ['in_progress', 'blocked', 'completed', 'not_started'] as const) {
    await dataOf(admin.PATCH(`${phases}/{phase_id}`, { params: ofPhase, body: { status } }));
    t.is((await phasesOf(project))[0]?.status, status);
  }

  await dataOf(admin.DELETE(`${phases}/{phase_id}`, { params: ofPhase }));
  t.deepEqual(await phasesOf(project), []);
  await dataOf(admin.DELETE(`${users}/{user_id}`, { params: ofPerson }));
  const ofOrganization = { path: { ...path, organization_id: organization.id } };
  await dataOf(admin.DELETE(`${organizations}/{organization_id}`, { params: ofOrganization }));
  const refused = await person.console.GET('/api/projects/{project_id}', { params });
  t.is(refused.error?.code, 'FORBIDDEN');
  await dataOf(admin.DELETE('/api/projects/{project_id}', { params }));
  t.is(find(await dataOf(admin.GET('/api/projects')), project), undefined);
});

function addProject() {
  const body = { name: `Project ${randomUUID()}`, language_id: work.language.id };
  return dataOf(admin.POST('/api/projects', { body }));
}

function phasesOf({ id }: { id: string }) {
  return dataOf(admin.GET('/api/projects/{project_id}/phases', { params: { path: { project_id: id } } }));
}

test.serial('the phases of 100 projects are read all at once, each with a status of the four', async (t) => {
  const phase = await work.addPhase();
  const projects = await Promise.all(Array.from({ length: 100 }, addProject));
  const body = { phase_id: phase.id };
  for (const { id } of projects) {
    const params = { path: { project_id: id } };
    await dataOf(admin.POST('/api/projects/{project_id}/phases', { params, body }));
  }
  for (const phases of await Promise.all(projects.map(phasesOf))) {
    t.deepEqual(
      phases.map(({ phase_id, status }) => ({ phase_id, status })),
      [{ phase_id: phase.id, status: 'not_started' }],
    );
  }
});

test.serial('the graph of phases shows each dependency that is added or removed', async (t) => {
  const [draft, check] = [await work.addPhase(), await work.addPhase()];
  const graph = async (): Promise<readonly string[] | undefined> => {
    const { phases, dependencies } = await dataOf(admin.GET('/api/phases/with-dependencies'));
    t.truthy(find(phases, draft));
    return (dependencies as Record<string, readonly string[] | undefined>)[check.id];
  };
  const dependencies = '/api/phases/{phase_id}/dependencies';
  const params = { path: { phase_id: check.id } };
  await dataOf(admin.POST(dependencies, { params, body: { depends_on_id: draft.id } }));
  t.deepEqual(await graph(), [draft.id]);
  const ofDraft = { path: { phase_id: draft.id } };
  const { error } = await admin.POST(dependencies, { params: ofDraft, body: { depends_on_id: check.id } });
  t.is(error?.code, 'PHASE_CYCLE');
  t.is(typeof error?.detail, 'string');
  const ofDependency = { path: { ...params.path, depends_on_id: draft.id } };
  await dataOf(admin.DELETE(`${dependencies}/{depends_on_id}`, { params: ofDependency }));
  t.deepEqual((await graph()) ?? [], []);
  const change = { params, body: { description: 'Twice' } };
  const changed = await dataOf(admin.PATCH('/api/phases/{phase_id}', change));
  t.deepEqual(find(await dataOf(admin.GET('/api/phases')), check), changed);
  await dataOf(admin.DELETE('/api/phases/{phase_id}', { params }));
  t.is((await admin.GET('/api/phases/{phase_id}', { params })).error?.code, 'NOT_FOUND');
});

test.serial('a request for access is seen, decided on and gone from what is pending', async (t) => {
  const person = await newPerson();
  const app_key = 'oral-bridge';
  const asked = await dataOf(person.console.POST('/api/access-requests', { body: { app_key } }));
  const pending = () =>
    dataOf(admin.GET('/api/access-requests', { params: { query: { app_key, status: 'pending' } } }));
  t.deepEqual(find(await pending(), asked), asked);
  const review = {
    params: { path: { request_id: asked.id } },
    body: { status: 'approved', role_key: 'annotator' },
  } as const;
  await dataOf(admin.PATCH('/api/access-requests/{request_id}/review', review));
  t.is(find(await pending(), asked), undefined);
  t.like(await rolesOf(person.id), [{ app_key, role_key: 'annotator' }]);
  const { error } = await admin.PATCH('/api/access-requests/{request_id}/review', review);
  t.is(error?.code, 'ALREADY_REVIEWED');
});

test.serial('whatever goes wrong says so in words that can be shown', async (t) => {
  const as = work.admin;
  const person = await signUp(service);
  const requests = [
    { method: 'POST', path: '/api/languages', as, body: '{"name": "", "code": 7}' },
    { method: 'POST', path: '/api/languages', as, body: '{' },
    { method: 'GET', path: `/api/projects/${randomUUID()}`, as },
    { method: 'GET', path: '/api/users/no-id', as },
    { method: 'GET', path: '/api/users' },
    { method: 'GET', path: '/api/users', as: person },
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
