import test from 'ava';
import { claimsOf } from './helpers/forging.ts';
import { anotherInstance } from './helpers/instances.ts';
import { logIn, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

test('An access token says whose it is, by which session, and how long', async (t) => {
  const person = await signUp(service);
  const { body } = await service.call('listSessions', 200, { as: person });
  const { sub, sid, type, iat, exp, iss, aud, jti } = claimsOf(person);
  t.like(
    { sub, sid, type, iss, aud },
    {
      sub: person.id,
      sid: body[0]?.id,
      type: 'access',
      iss: 'tripod-api',
      aud: 'tripod',
    },
  );
  t.is(Number(exp) - Number(iat), 1800);
  t.regex(String(jti), /^[0-9a-f-]{36}$/);
});

test('A request without a token is told that it needs one', async (t) => {
  const { body, headers } = await service.call('getMe', 401);
  t.is(headers.get('WWW-Authenticate'), 'Bearer realm="tripod"');
  t.regex(body.detail, /sign in/);
});

test('A token counts in the Authorization header only', async (t) => {
  const { access_token } = await signUp(service);
  const headersOf: Record<string, string>[] = [
    { Authorization: `Basic ${access_token}` },
    { Authorization: access_token },
    { Cookie: `access_token=${access_token}` },
    { 'X-Access-Token': access_token },
  ];
  for (const headers of headersOf) await service.call('getMe', 401, { headers });
  const inQuery = await service.send({ method: 'GET', path: `/api/auth/me?access_token=${access_token}` });
  t.is(inQuery.status, 401);
  await service.call('getMe', 200, { headers: { Authorization: `bearer ${access_token}` } });
});

test('An access token works for 30 minutes, and its session goes on after that', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  later.passMinutes(29);
  await later.call('getMe', 200, { as: person });
  later.passMinutes(2);
  await later.call('getMe', 401, { as: person });
  const { body } = await later.call('refreshTokens', 200, { body: { refresh_token: person.refresh_token } });
  await later.call('getMe', 200, { as: body });
  t.pass();
});

test('A deactivated user is refused on the very next request, on every instance', async (t) => {
  const other = await anotherInstance(t, service);
  const person = await signUp(service);
  for (const instance of [service, other]) await instance.call('getMe', 200, { as: person });
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  for (const instance of [service, other]) await instance.call('getMe', 401, { as: person });
  t.pass();
});

test('A deleted user is refused on the very next request', async (t) => {
  const person = await signUp(service);
  await service.context.database('users').where({ id: person.id }).delete();
  for (const operation of ['getMe', 'listSessions', 'listMyRoles', 'listMyManagedOrganizations'] as const) {
    await service.call(operation, 401, { as: person });
  }
  await service.call('updateMe', 401, { as: person, body: { locale: 'da' } });
  t.pass();
});

test('A session that is ended elsewhere is refused on the very next request, on every instance', async (t) => {
  const other = await anotherInstance(t, service);
  const person = await signUp(service);
  const elsewhere = await logIn(other, person);
  for (const instance of [service, other]) await instance.call('getMe', 200, { as: elsewhere });
  await service.call('endSession', 204, {
    as: person,
    path: { session_id: String(claimsOf(elsewhere)['sid']) },
  });
  for (const instance of [service, other]) await instance.call('getMe', 401, { as: elsewhere });
  t.pass();
});

test('Operations that need a token answer 401 without one', async (t) => {
  const session_id = '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35';
  await service.call('endSession', 401, { path: { session_id } });
  await service.call('logOutEverywhere', 401);
  await service.call('listSessions', 401);
  await service.call('updateMe', 401, { body: { locale: 'da' } });
  t.pass();
});
