import test from 'ava';
import jwt, { type Algorithm } from 'jsonwebtoken';
import { anotherInstance } from './helpers/instances.ts';
import { logIn, signUp, type Person } from './helpers/people.ts';
import { startService, testSecret } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

type Claims = Record<string, unknown>;

function claimsOf({ access_token }: Person): Claims {
  return jwt.decode(access_token) as Claims;
}

function sign(claims: Claims, options: { secret?: string; algorithm?: Algorithm } = {}) {
  const { secret = testSecret, algorithm = 'HS256' } = options;
  return { access_token: jwt.sign(claims, secret, { algorithm }) };
}

function seconds(fromNow: number): number {
  return Math.floor(Date.now() / 1000) + fromNow;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

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

test('An access token that is signed anew with the same claims is accepted', async (t) => {
  const person = await signUp(service);
  const { body } = await service.call('getMe', 200, { as: sign(claimsOf(person)) });
  t.is(body.id, person.id);
});

const forgeries: Record<string, (claims: Claims, person: Person) => { access_token: string }> = {
  'of another secret': (claims) => sign(claims, { secret: 'another secret, which is just as long' }),
  'signed with HS512': (claims) => sign(claims, { algorithm: 'HS512' }),
  'signed with HS384': (claims) => sign(claims, { algorithm: 'HS384' }),
  'with the algorithm none': (claims) => ({
    access_token: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`,
  }),
  'with the algorithm none and a signature': (claims, { access_token }) => ({
    access_token: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.${access_token.split('.')[2] ?? ''}`,
  }),
  'without a signature': (_claims, { access_token }) => ({
    access_token: access_token.slice(0, access_token.lastIndexOf('.') + 1),
  }),
  'with other claims under its signature': (claims, { access_token }) => {
    const [header = '', , signature = ''] = access_token.split('.');
    return { access_token: [header, encoded({ ...claims, exp: seconds(86_400) }), signature].join('.') };
  },
  'of another issuer': (claims) => sign({ ...claims, iss: 'somebody-else' }),
  'without an issuer': ({ iss: _, ...claims }) => sign(claims),
  'for another audience': (claims) => sign({ ...claims, aud: 'elsewhere' }),
  'without an audience': ({ aud: _, ...claims }) => sign(claims),
  'of another type': (claims) => sign({ ...claims, type: 'refresh' }),
  'without a type': ({ type: _, ...claims }) => sign(claims),
  'that has expired': (claims) => sign({ ...claims, iat: seconds(-1801), exp: seconds(-1) }),
  'that never expires': ({ exp: _, ...claims }) => sign(claims),
  'that was issued in the future': (claims) => sign({ ...claims, iat: seconds(120), exp: seconds(1920) }),
  'without a session': ({ sid: _, ...claims }) => sign(claims),
  'of a session that never was': (claims) => sign({ ...claims, sid: '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35' }),
  'of another user than its session': (claims) =>
    sign({ ...claims, sub: '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35' }),
  'that is a refresh token': (_claims, { refresh_token }) => ({ access_token: refresh_token }),
  'that is a word': () => ({ access_token: 'garbage' }),
  'that is empty': () => ({ access_token: '' }),
};

for (const [title, forge] of Object.entries(forgeries)) {
  test(`An access token ${title} is refused`, async (t) => {
    const person = await signUp(service);
    const { body, headers } = await service.call('getMe', 401, { as: forge(claimsOf(person), person) });
    t.is(body.code, 'UNAUTHORIZED');
    t.regex(headers.get('WWW-Authenticate') ?? '', /^Bearer realm="tripod", error="invalid_token"/);
    await service.call('getMe', 200, { as: person });
  });
}

test('An access token of an instance whose clock is half a minute ahead is accepted', async (t) => {
  const person = await signUp(service);
  const ahead = { ...claimsOf(person), iat: seconds(30), exp: seconds(1830) };
  await service.call('getMe', 200, { as: sign(ahead) });
  t.pass();
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
