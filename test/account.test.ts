import test from 'ava';
import { eventsAbout } from './helpers/audit.ts';
import type { RawRequest } from './helpers/client.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { logIn, password, platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const { admin } = work;
test.after.always(() => service.stop());

const newPassword = 'five other words in a row';

async function changePassword(as: Person): Promise<void> {
  await service.call('changePassword', 204, {
    as,
    body: { current_password: password, new_password: newPassword },
  });
}

async function share(project: { id: string }, person: Person, role: 'member' | 'manager'): Promise<void> {
  await service.call('grantProjectUserAccess', 201, {
    as: admin,
    path: { project_id: project.id },
    body: { user_id: person.id, role },
  });
}

async function open(project: { id: string }, organization: { id: string }): Promise<void> {
  await service.call('grantProjectOrganizationAccess', 201, {
    as: admin,
    path: { project_id: project.id },
    body: { organization_id: organization.id },
  });
}

test('POST /api/auth/change-password lets one in with the new password only', async (t) => {
  const person = await signUp(service);
  await changePassword(person);
  await service.call('logIn', 401, { body: { email: person.email, password } });
  await service.call('logIn', 200, { body: { email: person.email, password: newPassword } });
  t.pass();
});

test('POST /api/auth/change-password ends all other sessions at once, and keeps this one', async (t) => {
  const person = await signUp(service);
  const others = [await logIn(service, person), await logIn(service, person)];
  await changePassword(person);
  for (const { access_token, refresh_token } of others) {
    await service.call('getMe', 401, { as: { access_token } });
    await service.call('refreshTokens', 401, { body: { refresh_token } });
  }
  t.is((await service.call('listSessions', 200, { as: person })).body.length, 1);
  await service.call('refreshTokens', 200, { body: { refresh_token: person.refresh_token } });
});

test('POST /api/auth/change-password answers 403 WRONG_PASSWORD and changes nothing', async (t) => {
  const person = await signUp(service);
  const elsewhere = await logIn(service, person);
  const { body } = await service.call('changePassword', 403, {
    as: person,
    body: { current_password: 'not the one', new_password: newPassword },
  });
  t.is(body.code, 'WRONG_PASSWORD');
  await service.call('getMe', 200, { as: elsewhere });
  await logIn(service, person);
});

test('POST /api/auth/change-password is recorded without either password', async (t) => {
  const person = await signUp(service);
  await changePassword(person);
  const [event] = await eventsAbout(service, admin, person);
  t.like(event, { action: 'user.password_changed', actor_id: person.id, subject_id: person.id });
  t.deepEqual(event?.details, {});
});

test('Of two who change a password at once, one does; and no session of the old one outlives it', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const person = await signUp(service);
    const send = (path: string, body: object, as?: Person) =>
      service.send({ method: 'POST', path, body: JSON.stringify(body), ...(as && { as }) });
    const body = { current_password: password, new_password: newPassword };
    const logIns = Array.from({ length: 3 }, () =>
      send('/api/auth/login', { email: person.email, password }),
    );
    const changes = [1, 2].map(() => send('/api/auth/change-password', body, person));
    t.deepEqual((await Promise.all(changes)).map(({ status }) => status).sort(), [204, 403]);
    t.true((await Promise.all(logIns)).every(({ status }) => status === 200 || status === 401));
    t.is((await service.call('listSessions', 200, { as: person })).body.length, 1);
  }
});

test('GET /api/auth/my-project-roles gives the higher role of each project, however one came by it', async (t) => {
  const person = await signUp(service);
  const [member, managed] = [await createOrganization(service), await createOrganization(service)];
  const named = await createOrganization(service, { manager_id: person.id });
  for (const [organization, role] of [
    [member, 'member'],
    [managed, 'manager'],
  ] as const)
    await service.call('addOrganizationMember', 201, {
      as: admin,
      path: { organization_id: organization.id },
      body: { user_id: person.id, role },
    });
  const expected: Record<string, string> = {};
  const add = async (role: 'member' | 'manager', ...ways: (typeof member | 'member' | 'manager')[]) => {
    const project = await work.addProject(admin);
    expected[project.id] = role;
    for (const way of ways)
      await (typeof way === 'string' ? share(project, person, way) : open(project, way));
  };
  await add('member', 'member');
  await add('manager', 'manager');
  await add('member', member);
  await add('manager', managed);
  await add('manager', named);
  await add('manager', member, 'manager');
  await add('manager', 'member', managed);
  await add('member', 'member', member);
  await work.addProject(admin);
  const { body } = await service.call('listMyProjectRoles', 200, { as: person });
  t.deepEqual(body, { is_platform_admin: false, project_roles: expected } as typeof body);
});

test('GET /api/auth/my-project-roles says of a platform admin that they are, and adds no roles', async (t) => {
  const { body } = await service.call('listMyProjectRoles', 200, { as: await platformAdmin(service) });
  t.deepEqual(body, { is_platform_admin: true, project_roles: {} });
});

for (const [operation, path] of [
  ['listSessions', '/api/auth/sessions'],
  ['listMyRoles', '/api/auth/my-roles'],
] as const) {
  test(`GET ${path} pages through what it lists as a whole`, async (t) => {
    const person = await signUp(service);
    for (const role_key of ['viewer', 'admin', 'reviewer']) {
      await logIn(service, person);
      const body = { target_user_id: person.id, app_key: 'avita', role_key };
      await service.call('assignRole', 200, { as: admin, body });
    }
    const { body: whole } = await service.call(operation, 200, { as: person });
    t.true(whole.length >= 3);
    const seen: unknown[] = [];
    let next: string | undefined = `${path}?limit=1`;
    while (next !== undefined) {
      const { body, headers } = await service.send({ method: 'GET', path: next, as: person });
      seen.push(...(body as unknown[]));
      next = /^<(.+)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];
    }
    t.deepEqual(seen, whole);
  });
}

test('DELETE /api/auth/me removes the account, its sessions and its access', async (t) => {
  const person = await signUp(service);
  const elsewhere = await logIn(service, person);
  await service.call('deleteMe', 204, { as: person });
  for (const as of [person, elsewhere]) await service.call('getMe', 401, { as });
  await service.call('deleteMe', 401, { as: person });
  await service.call('refreshTokens', 401, { body: { refresh_token: elsewhere.refresh_token } });
  await service.call('logIn', 401, { body: { email: person.email, password } });
  const [event] = await eventsAbout(service, admin, person);
  t.like(event, { action: 'user.deleted', actor_id: person.id, details: {} });
});

test('DELETE /api/auth/me leaves a project that nobody else used to the platform admins', async (t) => {
  const person = await signUp(service);
  const project = await work.addProject(person);
  await service.call('deleteMe', 204, { as: person });
  await service.call('getProject', 200, { as: admin, path: { project_id: project.id } });
  t.pass();
});

test('DELETE /api/auth/me answers 409 LAST_MANAGER as long as others use a project that nobody else manages', async (t) => {
  const [person, member] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(person);
  await share(project, member, 'member');
  const { body } = await service.call('deleteMe', 409, { as: person });
  t.is(body.code, 'LAST_MANAGER');
  await service.call('getProject', 200, { as: person, path: { project_id: project.id } });
  await share(project, await signUp(service), 'manager');
  await service.call('deleteMe', 204, { as: person });
});

test('DELETE /api/auth/me answers 409 LAST_MANAGER where the only other manager is inactive', async (t) => {
  const [person, inactive] = [await signUp(service), await signUp(service)];
  await share(await work.addProject(person), inactive, 'manager');
  const path = { user_id: inactive.id };
  await service.call('updateUser', 200, { as: admin, path, body: { is_active: false } });
  t.is((await service.call('deleteMe', 409, { as: person })).body.code, 'LAST_MANAGER');
});

test('DELETE /api/auth/me answers 409 LAST_MANAGER where an organization has access, even if it manages the project', async (t) => {
  const [person, organization] = [await signUp(service), await createOrganization(service)];
  await memberOf(service, organization, 'manager');
  await open(await work.addProject(person), organization);
  t.is((await service.call('deleteMe', 409, { as: person })).body.code, 'LAST_MANAGER');
});

test('DELETE /api/auth/me does not mind projects that one is only a member of', async (t) => {
  const [manager, person] = [await signUp(service), await signUp(service)];
  await share(await work.addProject(manager), person, 'member');
  await service.call('deleteMe', 204, { as: person });
  t.pass();
});

const leave: Record<string, (person: Person, project: { id: string }) => RawRequest> = {
  'leaves the project': (person, project) => ({
    method: 'DELETE',
    path: `/api/projects/${project.id}/access/users/${person.id}`,
    as: person,
  }),
  'deletes their account': (person) => ({ method: 'DELETE', path: '/api/auth/me', as: person }),
  'deletes their account as they know it': (person) => ({
    method: 'DELETE',
    path: '/api/auth/me',
    as: person,
    headers: { 'If-Match': '*' },
  }),
};

for (const [how, other] of Object.entries(leave)) {
  for (const mine of ['deletes their account', 'deletes their account as they know it']) {
    test(`Of two managers at once, one who ${mine} and one who ${how}, one stays`, async (t) => {
      const member = await signUp(service);
      for (let round = 0; round < 20; round += 1) {
        const managers = [await signUp(service), await signUp(service)] as const;
        const project = await work.addProject(managers[0]);
        await share(project, managers[1], 'manager');
        await share(project, member, 'member');
        const requests = [leave[mine]?.(managers[0], project), other(managers[1], project)] as RawRequest[];
        if (round % 2 === 1) requests.reverse();
        const answers = await Promise.all(requests.map((request) => service.send(request)));
        t.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
        const { body } = await service.call('listProjectUserAccess', 200, {
          as: admin,
          path: { project_id: project.id },
        });
        t.is(body.filter(({ role }) => role === 'manager').length, 1);
      }
    });
  }
}
