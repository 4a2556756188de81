import test from 'ava';
import { randomUUID } from 'node:crypto';
import { createApp, deactivateApp } from './helpers/apps.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

const facilitator = { app_key: 'oral-bridge', role_key: 'facilitator' };

async function somebody(): Promise<{ id: string; target_user_id: string }> {
  const { id } = await signUp(service);
  return { id, target_user_id: id };
}

function recordsOf(user: { id: string }): Promise<Record<string, unknown>[]> {
  return service.context
    .database('role_assignments')
    .where({ user_id: user.id })
    .orderBy('granted_at')
    .select();
}

test('POST /api/roles/assign answers 200 with the assignment', async (t) => {
  const { id, target_user_id } = await somebody();
  const { body } = await service.call('assignRole', 200, {
    as: admin,
    body: { target_user_id, ...facilitator },
  });
  t.like(body, { user_id: id, ...facilitator, revoked_at: null });
  t.true(Math.abs(Date.parse(body.granted_at) - Date.now()) < 60_000);
});

test('POST /api/roles/assign gives the role from the next request on', async (t) => {
  const [chief, { target_user_id }] = [await holderOf(service, 'avita', 'admin'), await somebody()];
  await service.call('assignRole', 200, {
    as: chief,
    body: { target_user_id, app_key: 'avita', role_key: 'reviewer' },
  });
  const { body } = await service.call('checkRole', 200, {
    as: chief,
    query: { user_id: target_user_id, app_key: 'avita', role_key: 'reviewer' },
  });
  t.true(body.allowed);
});

test('POST /api/roles/assign answers the same assignment for a role that is held already', async (t) => {
  const user = await somebody();
  const request = { as: admin, body: { target_user_id: user.id, ...facilitator } };
  const { body: first } = await service.call('assignRole', 200, request);
  const { body: second } = await service.call('assignRole', 200, request);
  t.deepEqual(second, first);
  t.is((await recordsOf(user)).length, 1);
});

test('POST /api/roles/assign keeps who gave a role when somebody gives it again', async (t) => {
  const user = await somebody();
  const body = { target_user_id: user.id, app_key: 'avita', role_key: 'viewer' };
  await service.call('assignRole', 200, { as: admin, body });
  await service.call('assignRole', 200, { as: await holderOf(service, 'avita', 'admin'), body });
  t.like((await recordsOf(user))[0], { granted_by: admin.id });
});

test('POST /api/roles/assign makes one assignment of twenty at once', async (t) => {
  const user = await somebody();
  const request = { as: admin, body: { target_user_id: user.id, ...facilitator } };
  const answers = await twentyAtOnce(() => service.call('assignRole', 200, request));
  t.is(new Set(answers.map(({ body }) => body.granted_at)).size, 1);
  t.is((await recordsOf(user)).length, 1);
});

test('POST /api/roles/assign and revoke at once leave one assignment at most', async (t) => {
  const user = await somebody();
  const body = JSON.stringify({ target_user_id: user.id, ...facilitator });
  const send = (path: string) => service.send({ method: 'POST', path, as: admin, body });
  const revoked = twentyAtOnce(() => send('/api/roles/revoke'));
  const assigned = await twentyAtOnce(() => send('/api/roles/assign'));
  t.true(assigned.every(({ status }) => status === 200));
  t.true((await revoked).every(({ status }) => status === 200 || status === 404));
  t.true((await recordsOf(user)).filter(({ revoked_at }) => revoked_at === null).length <= 1);
});

test('POST /api/roles/assign gives several roles in several apps', async (t) => {
  const user = await somebody();
  for (const app_key of ['avita', 'oral-bridge']) {
    for (const role_key of ['viewer', 'annotator']) {
      const body = { target_user_id: user.id, app_key, role_key };
      await service.call('assignRole', 200, { as: admin, body });
    }
  }
  t.is((await recordsOf(user)).length, 4);
});

test('POST /api/roles/assign takes the id in capitals and answers it in lower case', async (t) => {
  const { id } = await somebody();
  const body = { target_user_id: id.toUpperCase(), ...facilitator };
  const { body: assignment } = await service.call('assignRole', 200, { as: admin, body });
  t.is(assignment.user_id, id);
});

test('POST /api/roles/assign answers 404 for an unknown app', async (t) => {
  const { target_user_id } = await somebody();
  for (const app_key of ['no-such-app', 'AVITA']) {
    const body = { target_user_id, app_key, role_key: 'viewer' };
    const answer = await service.call('assignRole', 404, { as: admin, body });
    t.is(answer.body.code, 'NOT_FOUND');
  }
});

test('POST /api/roles/assign answers 404 for a role that the app does not have', async (t) => {
  const { target_user_id } = await somebody();
  const [app_key, other] = [await createApp(service), 'story-keeper'];
  const body = { target_user_id, app_key, role_key: other };
  t.is((await service.call('assignRole', 404, { as: admin, body })).body.code, 'NOT_FOUND');
});

test('POST /api/roles/assign answers 422 for an unknown user', async (t) => {
  const body = { target_user_id: randomUUID(), ...facilitator };
  const answer = await service.call('assignRole', 422, { as: admin, body });
  t.is(answer.body.code, 'UNKNOWN_REFERENCE');
});

test('POST /api/roles/assign answers 404 when both app and user are unknown', async (t) => {
  const body = { target_user_id: randomUUID(), app_key: 'no-such-app', role_key: 'viewer' };
  t.is((await service.call('assignRole', 404, { as: admin, body })).status, 404);
});

test('An admin of an app gives and takes roles in that app', async (t) => {
  const [chief, { target_user_id }] = [await holderOf(service, 'avita', 'admin'), await somebody()];
  const body = { target_user_id, app_key: 'avita', role_key: 'admin' };
  t.is((await service.call('assignRole', 200, { as: chief, body })).body.revoked_at, null);
  t.not((await service.call('revokeRole', 200, { as: chief, body })).body.revoked_at, null);
});

for (const id of ['assignRole', 'revokeRole'] as const) {
  test(`${id} answers 403 for an admin of another app, and names only roles in the app asked about`, async (t) => {
    const chief = await holderOf(service, 'avita', 'admin');
    await service.call('assignRole', 200, {
      as: admin,
      body: { target_user_id: chief.id, app_key: 'oral-bridge', role_key: 'viewer' },
    });
    const { body } = await service.call(id, 403, {
      as: chief,
      body: { target_user_id: chief.id, app_key: 'oral-bridge', role_key: 'admin' },
    });
    t.is(body.code, 'FORBIDDEN');
    t.deepEqual(body.required_roles, ['platform:admin', 'app:{body.app_key}:admin']);
    t.deepEqual(body.held_roles, ['app:oral-bridge:viewer']);
  });

  test(`${id} answers 403 for an app that is unknown to anyone but a platform admin`, async (t) => {
    const chief = await holderOf(service, 'avita', 'admin');
    const body = { target_user_id: chief.id, app_key: 'no-such-app', role_key: 'admin' };
    t.deepEqual((await service.call(id, 403, { as: chief, body })).body.held_roles, []);
  });

  test(`${id} answers 403 for the admin of an app that is no longer active`, async (t) => {
    const app_key = await createApp(service);
    const chief = await holderOf(service, app_key, 'admin');
    await deactivateApp(service, app_key);
    const body = { target_user_id: chief.id, app_key, role_key: 'viewer' };
    t.deepEqual((await service.call(id, 403, { as: chief, body })).body.held_roles, []);
  });

  test(`${id} is open to a platform admin in an app that is not active`, async (t) => {
    const app_key = await createApp(service);
    const { id: target_user_id } = await holderOf(service, app_key, 'viewer');
    await deactivateApp(service, app_key);
    const body = { target_user_id, app_key, role_key: 'viewer' };
    t.is((await service.call(id, 200, { as: admin, body })).body.app_key, app_key);
  });

  test(`${id} tells all that is wrong with the body`, async (t) => {
    const { body } = await service.send({
      method: 'POST',
      path: id === 'assignRole' ? '/api/roles/assign' : '/api/roles/revoke',
      as: admin,
      body: JSON.stringify({ target_user_id: 5, app_key: 'an app', granted_at: null }),
    });
    const { code, errors } = body as { code: string; errors: { path: string }[] };
    t.is(code, 'VALIDATION_ERROR');
    const paths = new Set(errors.map(({ path }) => path));
    t.deepEqual([...paths].toSorted(), ['app_key', 'granted_at', 'role_key', 'target_user_id']);
  });

  for (const { title, status, code, ...sent } of unreadableBodies) {
    test(`${id} answers ${status} for ${title}`, async (t) => {
      const path = id === 'assignRole' ? '/api/roles/assign' : '/api/roles/revoke';
      const answer = await service.send({ method: 'POST', path, as: admin, ...sent });
      t.is(answer.status, status);
      t.like(answer.body, { code });
    });
  }
}

test('POST /api/roles/revoke answers 200 with the time of revocation', async (t) => {
  const user = await somebody();
  const request = { as: admin, body: { target_user_id: user.id, ...facilitator } };
  const { body: assigned } = await service.call('assignRole', 200, request);
  const { body: revoked } = await service.call('revokeRole', 200, request);
  t.deepEqual(revoked, { ...assigned, revoked_at: revoked.revoked_at });
  t.true(Date.parse(revoked.revoked_at ?? '') >= Date.parse(assigned.granted_at));
});

test('POST /api/roles/revoke counts from the next request on', async (t) => {
  const chief = await holderOf(service, 'avita', 'admin');
  const own = { target_user_id: chief.id, app_key: 'avita', role_key: 'admin' };
  await service.call('assignRole', 200, { as: chief, body: { ...own, role_key: 'viewer' } });
  await service.call('revokeRole', 200, { as: admin, body: own });
  const { body } = await service.call('assignRole', 403, { as: chief, body: own });
  t.deepEqual(body.held_roles, ['app:avita:viewer']);
});

test('POST /api/roles/revoke takes only the role that it names', async (t) => {
  const user = await somebody();
  for (const app_key of ['avita', 'oral-bridge']) {
    const body = { target_user_id: user.id, app_key, role_key: 'viewer' };
    await service.call('assignRole', 200, { as: admin, body });
  }
  const body = { target_user_id: user.id, app_key: 'avita', role_key: 'viewer' };
  await service.call('revokeRole', 200, { as: admin, body });
  t.deepEqual(
    (await recordsOf(user)).map(({ revoked_at }) => revoked_at === null),
    [false, true],
  );
});

test('POST /api/roles/revoke answers 404 the second time', async (t) => {
  const { target_user_id } = await somebody();
  const request = { as: admin, body: { target_user_id, ...facilitator } };
  await service.call('assignRole', 200, request);
  await service.call('revokeRole', 200, request);
  t.is((await service.call('revokeRole', 404, request)).body.code, 'NOT_FOUND');
});

test('POST /api/roles/revoke answers 404 for whatever is not held', async (t) => {
  const holder = await holderOf(service, 'avita', 'viewer');
  const held = { target_user_id: holder.id, app_key: 'avita', role_key: 'viewer' };
  for (const other of [
    { target_user_id: randomUUID() },
    { app_key: 'oral-bridge' },
    { app_key: 'no-such-app' },
    { role_key: 'admin' },
    { role_key: 'no-such-role' },
  ]) {
    const answer = await service.call('revokeRole', 404, { as: admin, body: { ...held, ...other } });
    t.is(answer.body.code, 'NOT_FOUND');
  }
});

test('POST /api/roles/revoke lets one of twenty at once take a role back', async (t) => {
  const { id: target_user_id } = await holderOf(service, 'avita', 'viewer');
  const body = JSON.stringify({ target_user_id, app_key: 'avita', role_key: 'viewer' });
  const answers = await twentyAtOnce(() =>
    service.send({ method: 'POST', path: '/api/roles/revoke', as: admin, body }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(200, 404),
  );
});

test('A role that is given again after it was taken back is held anew, and what was stays on record', async (t) => {
  const [user, chief] = [await somebody(), await holderOf(service, 'oral-bridge', 'admin')];
  const body = { target_user_id: user.id, ...facilitator };
  const { body: first } = await service.call('assignRole', 200, { as: admin, body });
  const { body: revoked } = await service.call('revokeRole', 200, { as: chief, body });
  const { body: second } = await service.call('assignRole', 200, { as: chief, body });
  t.true(second.granted_at > first.granted_at);
  const [old, current, ...more] = await recordsOf(user);
  t.like(old, { granted_at: first.granted_at, granted_by: admin.id });
  t.like(old, { revoked_at: revoked.revoked_at, revoked_by: chief.id });
  t.like(current, { granted_at: second.granted_at, granted_by: chief.id, revoked_at: null });
  t.deepEqual(more, []);
});
