import { createHmac, randomBytes } from 'node:crypto';
import test from 'ava';
import { orderKeys } from '../src/core/signing-keys.ts';
import { createTokens } from '../src/core/tokens.ts';
import { anotherInstance } from './helpers/instances.ts';
import { twentyAtOnce } from './helpers/parallel.ts';
import { logIn, signUp, type Person } from './helpers/people.ts';
import { secretAlone, startService, type TestService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

const days = 24 * 60;

async function refresh(on: TestService, { refresh_token }: { refresh_token: string }) {
  return (await on.call('refreshTokens', 200, { body: { refresh_token } })).body;
}

async function refuseRefresh(on: TestService, { refresh_token }: { refresh_token: string }) {
  return on.call('refreshTokens', 401, { body: { refresh_token } });
}

async function sessionIdOf(on: TestService, as: Person): Promise<string> {
  const { body } = await on.call('listSessions', 200, { as });
  return body.find(({ current }) => current)?.id ?? '';
}

test('POST /api/auth/refresh answers tokens that work, and another refresh token', async (t) => {
  const person = await signUp(service);
  const next = await refresh(service, person);
  t.not(next.refresh_token, person.refresh_token);
  t.like(next, { token_type: 'bearer', expires_in: 1800 });
  await service.call('getMe', 200, { as: next });
  await refresh(service, next);
});

test('POST /api/auth/refresh gives twenty uses of a token at once the same successor, round after round', async (t) => {
  let current: { refresh_token: string } = await signUp(service);
  const seen = new Set([current.refresh_token]);
  for (let round = 0; round < 5; round += 1) {
    const { refresh_token } = current;
    const answers = await twentyAtOnce(() => service.call('refreshTokens', 200, { body: { refresh_token } }));
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    t.is(successors.size, 1);
    for (const { body } of answers) await service.call('getMe', 200, { as: body });
    current = { refresh_token: [...successors][0] ?? '' };
    seen.add(current.refresh_token);
  }
  t.is(seen.size, 6);
});

test('POST /api/auth/refresh gives uses on two instances at once the same successor', async (t) => {
  const other = await anotherInstance(t, service);
  const person = await signUp(service);
  let instances = [service, other];
  const answers = await twentyAtOnce(async () => {
    instances = instances.toReversed();
    return (instances[0] ?? service).call('refreshTokens', 200, {
      body: { refresh_token: person.refresh_token },
    });
  });
  t.is(new Set(answers.map(({ body }) => body.refresh_token)).size, 1);
});

test('POST /api/auth/refresh gives the same successor for 30 seconds', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  const next = await refresh(later, person);
  later.passSeconds(15);
  t.is((await refresh(later, person)).refresh_token, next.refresh_token);
  await refresh(later, next);
});

test('POST /api/auth/refresh ends the session when a token is used again after 31 seconds', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  const next = await refresh(later, person);
  later.passSeconds(31);
  const { body, headers } = await refuseRefresh(later, person);
  t.is(body.code, 'UNAUTHORIZED');
  t.regex(headers.get('WWW-Authenticate') ?? '', /^Bearer .*error="invalid_token"/);
  await refuseRefresh(later, next);
  await later.call('getMe', 401, { as: next });
  await later.call('getMe', 401, { as: person });
  const ended = await later.context.database('sessions').where({ user_id: person.id }).first<object>();
  t.like(ended, { end_reason: 'token_reused' });
});

test('POST /api/auth/refresh ends the session for a token before the last, also within 30 seconds', async (t) => {
  const first = await signUp(service);
  const second = await refresh(service, first);
  const third = await refresh(service, second);
  await refuseRefresh(service, first);
  await refuseRefresh(service, third);
  await service.call('getMe', 401, { as: third });
  t.pass();
});

test('POST /api/auth/refresh ends the session for a token of long ago', async (t) => {
  const later = await anotherInstance(t, service);
  const first = await signUp(service);
  let newest = await refresh(later, first);
  for (let hour = 0; hour < 5; hour += 1) {
    later.passMinutes(60);
    newest = await refresh(later, newest);
  }
  await refuseRefresh(later, first);
  await refuseRefresh(later, newest);
  t.pass();
});

test('POST /api/auth/refresh that ends a session leaves the other sessions of that user', async (t) => {
  const first = await signUp(service);
  const elsewhere = await logIn(service, first);
  await refresh(service, await refresh(service, first));
  await refuseRefresh(service, first);
  await refresh(service, elsewhere);
  t.pass();
});

test('POST /api/auth/refresh works until 7 days after the sign-in, however often it was used', async (t) => {
  const later = await anotherInstance(t, service);
  let newest: { refresh_token: string } = await signUp(service);
  for (let day = 1; day < 7; day += 1) {
    later.passMinutes(days);
    newest = await refresh(later, newest);
  }
  later.passMinutes(days - 1);
  const last = await refresh(later, newest);
  later.passMinutes(1.1);
  await refuseRefresh(later, last);
  await later.call('getMe', 401, { as: last });
  t.pass();
});

test('POST /api/auth/refresh does not repeat an answer when the session has expired meanwhile', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  later.passMinutes(7 * days);
  later.passSeconds(-25);
  await refresh(later, person);
  later.passSeconds(27);
  await refuseRefresh(later, person);
  t.pass();
});

test('POST /api/auth/refresh answers 401 for a deactivated account', async (t) => {
  const person = await signUp(service);
  const next = await refresh(service, person);
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  await refuseRefresh(service, person);
  await refuseRefresh(service, next);
  t.pass();
});

/** Tokens that look like somebody's, and what is wrong with them. */
function forgedFrom({ refresh_token }: Person): Record<string, string> {
  const bytes = Buffer.from(refresh_token, 'base64url');
  const claims = bytes.subarray(0, 20);
  const flipped = (index: number) => {
    const copy = Buffer.from(bytes);
    copy[index] = (copy[index] ?? 0) ^ 1;
    return copy.toString('base64url');
  };
  const ofOtherSecret = createTokens({
    keys: orderKeys({ ...secretAlone, secret: 'another secret, which is just as long as the first' }),
    clock: () => new Date(),
    accessTokenMinutes: 30,
    refreshTokenMinutes: 10_080,
  }).issue({ userId: '', sessionId: '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35', generation: 0 });
  return {
    'that is cut short': refresh_token.slice(0, -1),
    'that is too long': `${refresh_token}A`,
    'with padding': `${refresh_token}==`,
    'in capitals': refresh_token.toUpperCase(),
    'of another session': flipped(3),
    'of a later generation': flipped(19),
    'with another signature': flipped(51),
    'without its signature': claims.toString('base64url'),
    'signed with nothing': Buffer.concat([claims, Buffer.alloc(32)]).toString('base64url'),
    'signed with an empty key': Buffer.concat([
      claims,
      createHmac('sha256', '').update(claims).digest(),
    ]).toString('base64url'),
    'of another secret': ofOtherSecret.refresh_token,
    'made of random bytes': randomBytes(52).toString('base64url'),
    'that is a word': 'garbage',
    'beyond ASCII': 'ø'.repeat(70),
  };
}

test('POST /api/auth/refresh answers 401 for forged tokens, and the session lives on', async (t) => {
  const person = await signUp(service);
  for (const [title, refresh_token] of Object.entries(forgedFrom(person))) {
    const { body } = await service.call('refreshTokens', 401, { body: { refresh_token } });
    t.is(body.code, 'UNAUTHORIZED', title);
  }
  await refresh(service, person);
});

test('POST /api/auth/refresh answers 401 for an access token', async (t) => {
  const { access_token } = await signUp(service);
  await refuseRefresh(service, { refresh_token: access_token });
  t.pass();
});

test('POST /api/auth/logout ends the session at once, on every instance', async (t) => {
  const other = await anotherInstance(t, service);
  const person = await signUp(service);
  await other.call('getMe', 200, { as: person });
  await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
  await other.call('getMe', 401, { as: person });
  await service.call('getMe', 401, { as: person });
  await refuseRefresh(other, person);
  t.pass();
});

test('POST /api/auth/logout ends the session also by a token that was exchanged a moment ago', async (t) => {
  const person = await signUp(service);
  const next = await refresh(service, person);
  await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
  await service.call('getMe', 401, { as: next });
  await refuseRefresh(service, next);
  t.pass();
});

test('POST /api/auth/logout answers 204 for a session that is over, and leaves other sessions', async (t) => {
  const person = await signUp(service);
  const elsewhere = await logIn(service, person);
  await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
  await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
  await service.call('getMe', 200, { as: elsewhere });
  t.pass();
});

test('POST /api/auth/logout answers 204 for forged tokens, and the session lives on', async (t) => {
  const person = await signUp(service);
  for (const refresh_token of Object.values(forgedFrom(person))) {
    await service.call('logOut', 204, { body: { refresh_token } });
  }
  await service.call('getMe', 200, { as: person });
  t.pass();
});

test('GET /api/auth/sessions lists where one is signed in, the newest first, and which one this is', async (t) => {
  const headers = { 'User-Agent': 'Tripod Console/1.0' };
  const first = await signUp(service);
  const { body } = await service.call('logIn', 200, {
    headers,
    body: { email: first.email, password: 'a password that nobody would guess' },
  });
  const { body: sessions } = await service.call('listSessions', 200, { as: body.tokens });
  t.is(sessions.length, 2);
  t.like(sessions[0], { current: true, user_agent: 'Tripod Console/1.0' });
  t.regex(sessions[0]?.ip ?? '', /^(127\.0\.0\.1|::1)$/);
  t.like(sessions[1], { current: false });
  const { body: others } = await service.call('listSessions', 200, { as: first });
  t.deepEqual(
    others.map(({ id, current }) => [id, current]),
    sessions.map(({ id, current }) => [id, !current]),
  );
});

test('GET /api/auth/sessions tells when a session was last refreshed', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  later.passMinutes(10);
  const next = await refresh(later, person);
  const { body } = await later.call('listSessions', 200, { as: next });
  const [session] = body;
  const minutes = (Date.parse(session?.last_seen_at ?? '') - Date.parse(session?.created_at ?? '')) / 60_000;
  t.true(minutes >= 10 && minutes < 12, `${minutes}`);
});

test('GET /api/auth/sessions leaves out those that have ended or expired', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  const ended = await logIn(service, person);
  await service.call('logOut', 204, { body: { refresh_token: ended.refresh_token } });
  later.passMinutes(7 * days);
  const current = await logIn(later, person);
  const { body } = await later.call('listSessions', 200, { as: current });
  t.deepEqual(
    body.map((session) => session.current),
    [true],
  );
});

/** Lets a used token come again when it should not. */
async function reuse(on: TestService, person: Person): Promise<void> {
  await refresh(on, await refresh(on, person));
  await refuseRefresh(on, person);
}

test('GET /api/auth/sessions tells for 30 days of a session that ended because a used token came again', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(later);
  const session_id = await sessionIdOf(later, person);
  await reuse(later, person);
  const [ended, current] = (
    await later.call('listSessions', 200, { as: await logIn(later, person) })
  ).body.toReversed();
  t.like(ended, { id: session_id, current: false, end_reason: 'token_reused' });
  const sinceThen = Date.now() - Date.parse(ended?.ended_at ?? '');
  t.true(sinceThen >= 0 && sinceThen < 60_000, `${sinceThen}`);
  t.like(current, { current: true, ended_at: null, end_reason: null });

  later.passMinutes(30 * days - 1);
  const before = await later.call('listSessions', 200, { as: await logIn(later, person) });
  t.deepEqual(
    before.body.map(({ end_reason }) => end_reason),
    [null, 'token_reused'],
  );
  later.passMinutes(2);
  const after = await later.call('listSessions', 200, { as: await logIn(later, person) });
  t.deepEqual(
    after.body.map(({ end_reason }) => end_reason),
    [null, null],
  );
});

test('GET /api/auth/sessions tells nobody else of a session that ended because a used token came again', async (t) => {
  const [person, stranger] = [await signUp(service), await signUp(service)];
  await reuse(service, person);
  t.is((await service.call('listSessions', 200, { as: stranger })).body.length, 1);
});

test('GET /api/auth/sessions keeps its order while sessions are refreshed', async (t) => {
  const first = await signUp(service);
  const second = await logIn(service, first);
  const order = async () =>
    (await service.call('listSessions', 200, { as: second })).body.map(({ current }) => current);
  t.deepEqual(await order(), [true, false]);
  await refresh(service, first);
  t.deepEqual(await order(), [true, false]);
});

test('DELETE /api/auth/sessions/{session_id} answers 404 for one that ended because a used token came again', async (t) => {
  const person = await signUp(service);
  const session_id = await sessionIdOf(service, person);
  await reuse(service, person);
  const as = await logIn(service, person);
  await service.call('endSession', 404, { as, path: { session_id } });
  const { body } = await service.call('listSessions', 200, { as });
  t.true(body.some(({ id, end_reason }) => id === session_id && end_reason === 'token_reused'));
});

test('DELETE /api/auth/sessions/{session_id} ends another session of one’s own, once', async (t) => {
  const person = await signUp(service);
  const elsewhere = await logIn(service, person);
  const session_id = (await sessionIdOf(service, elsewhere)).toUpperCase();
  await service.call('endSession', 204, { as: person, path: { session_id } });
  await service.call('getMe', 401, { as: elsewhere });
  await refuseRefresh(service, elsewhere);
  await service.call('getMe', 200, { as: person });
  const { body } = await service.call('endSession', 404, { as: person, path: { session_id } });
  t.is(body.code, 'NOT_FOUND');
});

test('DELETE /api/auth/sessions/{session_id} ends the session that asks for it', async (t) => {
  const person = await signUp(service);
  await service.call('endSession', 204, {
    as: person,
    path: { session_id: await sessionIdOf(service, person) },
  });
  await service.call('getMe', 401, { as: person });
  t.pass();
});

test('DELETE /api/auth/sessions/{session_id} answers 404 for somebody else’s session, which lives on', async (t) => {
  const [person, stranger] = [await signUp(service), await signUp(service)];
  const session_id = await sessionIdOf(service, person);
  await service.call('endSession', 404, { as: stranger, path: { session_id } });
  await service.call('getMe', 200, { as: person });
  t.pass();
});

test('DELETE /api/auth/sessions/{session_id} answers 400 for what is no id', async (t) => {
  const as = await signUp(service);
  const { body } = await service.call('endSession', 400, { as, path: { session_id: 'mine' } });
  t.like(body.errors?.[0], { in: 'path', path: 'session_id' });
});

test('POST /api/auth/logout-all ends every session of that user and of nobody else', async (t) => {
  const [person, stranger] = [await signUp(service), await signUp(service)];
  const elsewhere = await logIn(service, person);
  await service.call('logOutEverywhere', 204, { as: person });
  for (const as of [person, elsewhere]) {
    await service.call('getMe', 401, { as });
    await refuseRefresh(service, as);
  }
  await service.call('getMe', 200, { as: stranger });
  await service.call('getMe', 200, { as: await logIn(service, person) });
  t.pass();
});
