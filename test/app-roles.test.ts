import test from 'ava';
import { randomUUID } from 'node:crypto';
import { addApp, addRole } from './helpers/apps.ts';
import { operations } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

test('POST /api/apps/{app_id}/roles answers 201 with the role, which is listed by its key', async (t) => {
  const path = { app_id: (await addApp(service, admin)).id };
  const role = { role_key: 'keeper_2-b', label: 'Story keeper', description: 'Looks after recordings.' };
  const { body } = await service.call('createAppRole', 201, { as: admin, path, body: role });
  t.deepEqual(body, { ...role, id: body.id, is_system: false, created_at: body.created_at });
  const { body: roles } = await service.call('listAppRoles', 200, { as: await signUp(service), path });
  t.deepEqual(
    roles.map(({ role_key }) => role_key),
    ['admin', 'annotator', 'facilitator', 'keeper_2-b', 'reviewer', 'viewer'],
  );
  t.deepEqual(
    roles.find(({ id }) => id === body.id),
    body,
  );
});

test('POST /api/apps/{app_id}/roles makes a role that can be given', async (t) => {
  const [app, { id: target_user_id }] = [await addApp(service, admin), await signUp(service)];
  const { app_key } = app;
  const { role_key } = await addRole(service, admin, app);
  await service.call('assignRole', 200, { as: admin, body: { target_user_id, app_key, role_key } });
  const query = { user_id: target_user_id, app_key, role_key };
  t.true((await service.call('checkRole', 200, { as: admin, query })).body.allowed);
});

test('POST /api/apps/{app_id}/roles answers 409 for a key that the app has, not for that of another', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const { role_key } = await addRole(service, admin, app);
  const body = { role_key, label: 'Another' };
  const answer = await service.call('createAppRole', 409, { as: admin, path: { app_id: app.id }, body });
  t.is(answer.body.code, 'APP_ROLE_TAKEN');
  await service.call('createAppRole', 201, { as: admin, path: { app_id: other.id }, body });
});

test('POST /api/apps/{app_id}/roles makes one role of twenty at once', async (t) => {
  const { id } = await addApp(service, admin);
  const body = JSON.stringify({ role_key: 'keeper', label: 'Keeper' });
  const answers = await twentyAtOnce(() =>
    service.send({ method: 'POST', path: `/api/apps/${id}/roles`, as: admin, body }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
});

test('POST /api/apps/{app_id}/roles answers 400 for keys with anything else in them', async (t) => {
  const path = { app_id: (await addApp(service, admin)).id };
  for (const role_key of ['Keeper', '-keeper', '_keeper', 'a keeper', '']) {
    const body = { role_key, label: 'Keeper' };
    await service.call('createAppRole', 400, { as: admin, path, body });
  }
  t.pass();
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/apps/{app_id}/roles answers ${status} for ${title}`, async (t) => {
    const path = `/api/apps/${randomUUID()}/roles`;
    const answer = await service.send({ method: 'POST', path, as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('Roles of an app that does not exist are not found', async (t) => {
  const path = { app_id: randomUUID() };
  await service.call('listAppRoles', 404, { as: admin, path });
  await service.call('createAppRole', 404, {
    as: admin,
    path,
    body: { role_key: 'keeper', label: 'Keeper' },
  });
  await service.call('deleteAppRole', 404, { as: admin, path: { ...path, role_id: randomUUID() } });
  t.pass();
});

test('DELETE /api/apps/{app_id}/roles/{role_id} answers 204, and 404 the second time', async (t) => {
  const app = await addApp(service, admin);
  const { id: role_id, role_key } = await addRole(service, admin, app);
  const request = { as: admin, path: { app_id: app.id, role_id } };
  await service.call('deleteAppRole', 204, request);
  await service.call('deleteAppRole', 404, request);
  const { app_key } = app;
  t.deepEqual(
    (await eventsAbout(service, { id: role_id })).map(({ action, actor_id, details }) => [
      action,
      actor_id,
      details,
    ]),
    ['app_role.created', 'app_role.deleted'].map((action) => [action, admin.id, { app_key, role_key }]),
  );
});

test('DELETE /api/apps/{app_id}/roles/{role_id} answers 404 for a role of another app', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const { id: role_id } = await addRole(service, admin, other);
  await service.call('deleteAppRole', 404, { as: admin, path: { app_id: app.id, role_id } });
  await service.call('deleteAppRole', 204, { as: admin, path: { app_id: other.id, role_id } });
  t.pass();
});

test('DELETE /api/apps/{app_id}/roles/{role_id} answers 409 for a system role', async (t) => {
  const { id: app_id } = await addApp(service, admin);
  const { body: roles } = await service.call('listAppRoles', 200, { as: admin, path: { app_id } });
  for (const { id: role_id } of roles) {
    const { body } = await service.call('deleteAppRole', 409, { as: admin, path: { app_id, role_id } });
    t.is(body.code, 'APP_ROLE_IN_USE');
  }
});

test('DELETE /api/apps/{app_id}/roles/{role_id} answers 409 for the default role', async (t) => {
  const app = await addApp(service, admin);
  const { id: role_id, role_key } = await addRole(service, admin, app);
  const path = { app_id: app.id };
  await service.call('updateApp', 200, { as: admin, path, body: { default_role_key: role_key } });
  const { body } = await service.call('deleteAppRole', 409, { as: admin, path: { ...path, role_id } });
  t.is(body.code, 'APP_ROLE_IN_USE');
  await service.call('updateApp', 200, { as: admin, path, body: { default_role_key: null } });
  await service.call('deleteAppRole', 204, { as: admin, path: { ...path, role_id } });
});

test('DELETE /api/apps/{app_id}/roles/{role_id} answers 409 as long as somebody holds the role', async (t) => {
  const [app, { id: target_user_id }] = [await addApp(service, admin), await signUp(service)];
  const { id: role_id, role_key } = await addRole(service, admin, app);
  const body = { target_user_id, app_key: app.app_key, role_key };
  await service.call('assignRole', 200, { as: admin, body });
  const request = { as: admin, path: { app_id: app.id, role_id } };
  t.is((await service.call('deleteAppRole', 409, request)).body.code, 'APP_ROLE_IN_USE');
  await service.call('revokeRole', 200, { as: admin, body });
  await service.call('deleteAppRole', 204, request);
});

test('Deleting a role and giving it at once lets one of the two happen', async (t) => {
  const { id: target_user_id } = await signUp(service);
  const app = await addApp(service, admin);
  await raceInBothOrders(async (race) => {
    const { id, role_key } = await addRole(service, admin, app);
    const body = JSON.stringify({ target_user_id, app_key: app.app_key, role_key });
    const [deleted, assigned] = await race(
      () => service.send({ method: 'DELETE', path: `/api/apps/${app.id}/roles/${id}`, as: admin }),
      () => service.send({ method: 'POST', path: '/api/roles/assign', as: admin, body }),
    );
    const outcome = `${deleted.status} ${assigned.status}`;
    t.true(['204 404', '409 200'].includes(outcome), outcome);
  });
});

test('Deleting a role and making it the default at once lets one of the two happen', async (t) => {
  for (const precondition of [false, true]) {
    await raceInBothOrders(async (race) => {
      const app = await addApp(service, admin);
      const { id, role_key } = await addRole(service, admin, app);
      const path = `/api/apps/${app.id}`;
      const { headers } = await service.call('getApp', 200, { as: admin, path: { app_id: app.id } });
      const body = JSON.stringify({ default_role_key: role_key });
      const [deleted, changed] = await race(
        () => service.send({ method: 'DELETE', path: `${path}/roles/${id}`, as: admin }),
        () =>
          service.send({
            method: 'PATCH',
            path,
            as: admin,
            body,
            headers: precondition ? { 'If-Match': headers.get('ETag') ?? '' } : {},
          }),
      );
      const outcome = `${deleted.status} ${changed.status}`;
      t.true(['204 422', '409 200'].includes(outcome), outcome);
    });
  }
});

test('Deleting a role and approving a request with it at once lets one of the two happen', async (t) => {
  const app = await addApp(service, admin);
  const person = await signUp(service);
  await raceInBothOrders(async (race) => {
    const { id, role_key } = await addRole(service, admin, app);
    await service.context.database('access_requests').where({ user_id: person.id }).delete();
    const { body: request } = await service.call('createAccessRequest', 201, {
      as: person,
      body: { app_key: app.app_key },
    });
    const [deleted, reviewed] = await race(
      () => service.send({ method: 'DELETE', path: `/api/apps/${app.id}/roles/${id}`, as: admin }),
      () =>
        service.send({
          method: 'PATCH',
          path: `/api/access-requests/${request.id}/review`,
          as: admin,
          body: JSON.stringify({ status: 'approved', role_key }),
        }),
    );
    const outcome = `${deleted.status} ${reviewed.status}`;
    t.true(['204 422', '409 200'].includes(outcome), outcome);
  });
});

test('A refusal says where to ask for access exactly where a role in an app would have helped', async (t) => {
  const person = await signUp(service);
  let refusals = 0;
  for (const operation of operations.values()) {
    const { role } = operation;
    if (typeof role === 'string') continue;
    const { status, body } = await service.send({ ...minimalRequest(operation, {}), as: person });
    t.is(status, 403, operation.id);
    const helps = role.some((alternative) => /^(app|access_request):/.test(alternative));
    const { request_access } = body as { request_access?: string };
    t.is(request_access, helps ? '/api/access-requests' : undefined, operation.id);
    refusals += helps ? 1 : 0;
  }
  t.true(refusals > 5);
});
