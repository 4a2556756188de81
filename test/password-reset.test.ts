import { createHash } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { ensurePlatformAdmin } from '../src/services/users/ensurePlatformAdmin.ts';
import { eventsAbout } from './helpers/audit.ts';
import { anotherInstance } from './helpers/instances.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { logIn, password, platformAdmin, signUp, type Person } from './helpers/people.ts';
import {
  mailsTo,
  newPassword,
  newToken,
  ownMailing,
  startMailing,
  tokenIn,
} from './helpers/password-resets.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const { service, server, stop } = await startMailing();
test.after.always(stop);

function reset(token: string, password = newPassword) {
  return service.send({
    method: 'POST',
    path: '/api/auth/reset-password',
    body: JSON.stringify({ token, password }),
  });
}

async function refuses(t: ExecutionContext, token: string, instance = service): Promise<void> {
  const { body } = await instance.call('resetPassword', 400, { body: { token, password: newPassword } });
  t.is(body.code, 'RESET_TOKEN_INVALID');
}

async function signsInBy(t: ExecutionContext, { email }: Person, right: string) {
  for (const each of [password, newPassword])
    await service.call('logIn', each === right ? 200 : 401, { body: { email, password: each } });
  t.pass();
}

test('POST /api/auth/reset-password sets the password by the link in the mail, and the old one is dead', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  await signsInBy(t, person, password);
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
  await signsInBy(t, person, newPassword);
});

test('POST /api/auth/reset-password ends all sessions, from the next request on and on every instance', async (t) => {
  const person = await signUp(service);
  const other = await anotherInstance(t, service);
  const sessions = [person, await logIn(service, person), await logIn(other, person)];
  for (const as of sessions) await other.call('getMe', 200, { as });
  const token = await newToken(service, server, person);
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
  for (const as of sessions) {
    for (const instance of [service, other]) await instance.call('getMe', 401, { as });
    await other.call('refreshTokens', 401, { body: { refresh_token: as.refresh_token } });
  }
  t.pass();
});

test('POST /api/auth/reset-password takes a token once', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
  await refuses(t, token);
});

test('POST /api/auth/reset-password takes a token for 60 minutes and no longer', async (t) => {
  const { service: own, server } = await ownMailing(t);
  const [one, other] = [await signUp(own), await signUp(own)];
  const [early, late] = [await newToken(own, server, one), await newToken(own, server, other)];
  own.passMinutes(59);
  await own.call('resetPassword', 204, { body: { token: early, password: newPassword } });
  own.passMinutes(1);
  await refuses(t, late, own);
  // Forgotten altogether as soon as there is another.
  await newToken(own, server, one);
  t.is((await own.context.database('password_resets')).length, 1);
});

test('POST /api/auth/reset-password tells nobody whether a token is used, expired or unknown', async (t) => {
  const { service: own, server } = await ownMailing(t);
  const [expired, used] = [
    await newToken(own, server, await signUp(own)),
    await newToken(own, server, await signUp(own)),
  ];
  await own.call('resetPassword', 204, { body: { token: used, password: newPassword } });
  own.passMinutes(60);
  const unknown = [expired.slice(1), `${expired}A`, 'A'.repeat(43), '..'];
  const headers = { 'X-Request-Id': 'one-and-the-same' };
  const answers = await Promise.all(
    [expired, used, ...unknown].map((token) =>
      own.call('resetPassword', 400, { headers, body: { token, password: newPassword } }),
    ),
  );
  t.is(answers[0]?.body.code, 'RESET_TOKEN_INVALID');
  for (const { body } of answers) t.deepEqual(body, answers[0]?.body);
});

test('POST /api/auth/reset-password refuses the token of an account that is deactivated, also after it is back', async (t) => {
  const person = await signUp(service);
  const as = await platformAdmin(service);
  const token = await newToken(service, server, person);
  const path = { user_id: person.id };
  await service.call('updateUser', 200, { as, path, body: { is_active: false } });
  await refuses(t, token);
  await service.call('updateUser', 200, { as, path, body: { is_active: true } });
  await refuses(t, token);
  await signsInBy(t, person, password);
});

test('POST /api/auth/reset-password does not believe a token whose account was deactivated past the service', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  await refuses(t, token);
});

test('POST /api/auth/reset-password refuses the token of an account that is deleted', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  await service.call('deleteMe', 204, { as: person });
  await refuses(t, token);
  t.deepEqual(await service.context.database('password_resets').where({ user_id: person.id }), []);
});

test('Twenty who use one link at once: one sets the password', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  let count = 0;
  const answers = await twentyAtOnce(async () => {
    count += 1;
    const chosen = `password number ${count}`;
    return { ...(await reset(token, chosen)), chosen };
  });
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 400),
  );
  for (const { status, chosen } of answers.slice(0, 3))
    await service.call('logIn', status === 204 ? 200 : 401, {
      body: { email: person.email, password: chosen },
    });
});

test('Two links for one account: both are good until one is used, then neither', async (t) => {
  for (const used of [0, 1]) {
    const person = await signUp(service);
    const tokens = [
      await newToken(service, server, person),
      await newToken(service, server, person),
    ] as const;
    t.not(tokens[0], tokens[1]);
    await service.call('resetPassword', 204, { body: { token: tokens[used] ?? '', password: newPassword } });
    for (const token of tokens) await refuses(t, token);
  }
});

test('Two links for one account used at once: one sets the password, without a deadlock', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const person = await signUp(service);
    const tokens = [await newToken(service, server, person), await newToken(service, server, person)];
    const answers = await Promise.all(tokens.map((token) => reset(token)));
    t.deepEqual(answers.map(({ status }) => status).sort(), [204, 400]);
  }
});

test('A password that is changed takes all links with it, also those that are still to be mailed', async (t) => {
  // Nobody else may have this one's mails sent.
  const { service: own, server } = await ownMailing(t);
  const person = await signUp(own);
  const token = await newToken(own, server, person);
  await own.call('requestPasswordReset', 202, { body: { email: person.email } });
  await own.call('changePassword', 204, {
    as: person,
    body: { current_password: password, new_password: newPassword },
  });
  await refuses(t, token, own);
  const subjects = (await mailsTo(own, server, person)).map(({ subject }) => subject);
  t.deepEqual(subjects, ['Set a new password', 'Your password was changed']);
  await own.call('logIn', 200, { body: { email: person.email, password: newPassword } });
});

test('A password that is changed and set anew at once is one of the two, without a deadlock', async (t) => {
  for (let round = 0; round < 10; round += 1) {
    const person = await signUp(service);
    const token = await newToken(service, server, person);
    const body = JSON.stringify({ current_password: password, new_password: 'the changed password' });
    const [changed, set] = await Promise.all([
      service.send({ method: 'POST', path: '/api/auth/change-password', as: person, body }),
      reset(token),
    ]);
    // The session may be over before the change is let in.
    t.true([204, 401, 403].includes(changed.status), String(changed.status));
    t.true([204, 400].includes(set.status), String(set.status));
    t.true(changed.status === 204 || set.status === 204);
    await service.call('logIn', 401, { body: { email: person.email, password } });
  }
});

test('A password that is refused leaves the token as it was', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  for (const wrong of ['p'.repeat(7), 'p'.repeat(129), 'four quiet\u0000words']) {
    const { status, body } = await reset(token, wrong);
    t.like({ status, body }, { status: 400, body: { code: 'VALIDATION_ERROR' } });
  }
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
});

test('The token is kept as a hash only', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  t.regex(token, /^[\w-]{43}$/);
  const { database } = service.context;
  const kept = await database('password_resets').where({ user_id: person.id }).pluck<Buffer[]>('token_hash');
  t.deepEqual(kept, [createHash('sha256').update(token).digest()]);
  const { rows: tables } = await database.raw<{ rows: { name: string }[] }>(
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
  );
  for (const { name } of tables) {
    const { rows } = await database.raw<{ rows: { text: string }[] }>(
      `select cast(each as text) as text from ${name} each`,
    );
    for (const form of [
      token,
      Buffer.from(token).toString('hex'),
      Buffer.from(token, 'base64url').toString('hex'),
    ])
      for (const { text } of rows) t.false(text.includes(form), name);
  }
});

test('Asking for a link and using it are recorded, without the token', async (t) => {
  const person = await signUp(service);
  const admin = await platformAdmin(service);
  const headers = { 'X-Request-Id': 'who-asked' };
  await service.call('requestPasswordReset', 202, { headers, body: { email: person.email } });
  const token = tokenIn((await mailsTo(service, server, person))[0]);
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
  const [set, asked, ...others] = await eventsAbout(service, admin, person);
  t.like(asked, {
    action: 'user.password_reset_requested',
    actor_id: null,
    request_id: 'who-asked',
    details: {},
  });
  t.regex(asked?.ip ?? '', /^(127\.0\.0\.1|::1)$/);
  t.like(set, { action: 'user.password_reset', actor_id: null, details: {} });
  t.deepEqual(
    others.map(({ action }) => action),
    ['user.signed_up'],
  );
});

test('The configured admin takes over an account with none of its links left', async (t) => {
  const person = await signUp(service);
  const token = await newToken(service, server, person);
  await ensurePlatformAdmin(service.context, { email: person.email, password: newPassword });
  await refuses(t, token);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`Forgotten passwords answer ${status} for ${title}`, async (t) => {
    for (const name of ['forgot-password', 'reset-password']) {
      const answer = await service.send({ method: 'POST', path: `/api/auth/${name}`, ...sent });
      t.like(answer, { status, body: { code } }, name);
    }
  });
}

test('Forgotten passwords answer 400 for input that is none', async (t) => {
  const email = 'somebody@example.org';
  for (const [name, body, wrong] of [
    ['forgot-password', {}, ['email']],
    ['forgot-password', { email: 'somebody' }, ['email']],
    ['forgot-password', { email: 'somebody@example.org\r\nBcc: others@example.org' }, ['email']],
    ['forgot-password', { email: 'somebody@example.org, others@example.org' }, ['email']],
    ['forgot-password', { email, app_key: 'oral bridge' }, ['app_key']],
    ['forgot-password', { email, url: 'https://example.com' }, ['url']],
    ['reset-password', {}, ['password', 'token']],
    ['reset-password', { token: '', password: newPassword }, ['token']],
    ['reset-password', { token: 't'.repeat(513), password: newPassword }, ['token']],
    ['reset-password', { token: 't', password: newPassword, email }, ['email']],
  ] as const) {
    const answer = await service.send({
      method: 'POST',
      path: `/api/auth/${name}`,
      body: JSON.stringify(body),
    });
    t.is(answer.status, 400, JSON.stringify(body));
    const { errors } = answer.body as { errors: { path: string }[] };
    t.deepEqual(errors.map(({ path }) => path).sort(), [...wrong]);
  }
});
