import { randomUUID } from 'node:crypto';
import test from 'ava';
import { password, signUp } from './helpers/people.ts';
import { collectLog } from './helpers/collect-log.ts';
import { startService } from './helpers/service.ts';

/** A service of its own, with everything that it has logged so far. */
async function startLoggedService() {
  const { logTo, log } = collectLog();
  return { service: await startService({ oneInstance: true, logTo }), log };
}

test('Passwords and tokens get neither into the log nor among the metrics', async (t) => {
  const { service, log } = await startLoggedService();
  t.teardown(() => service.stop());
  const person = await signUp(service);
  const wrong = 'a wrong password, of another account perhaps';
  await service.call('logIn', 401, { body: { email: person.email, password: wrong } });
  await service.call('getMe', 200, { as: person });
  await service.call('getMe', 401, { as: { access_token: `${person.access_token}x` } });
  const { body: next } = await service.call('refreshTokens', 200, {
    body: { refresh_token: person.refresh_token },
  });
  const asked = await service.send({
    method: 'GET',
    path: `/api/auth/me?access_token=${next.access_token}&password=${encodeURIComponent(wrong)}`,
    as: next,
  });
  t.is(asked.status, 400);
  for (const body of [`{"password": "${wrong}"`, `{"password": ["${wrong}"]}`]) {
    const malformed = await service.send({ method: 'POST', path: '/api/auth/login', body });
    t.is(malformed.status, 400);
  }
  await service.call('logOut', 204, { body: { refresh_token: next.refresh_token } });

  const metrics = await service.context.metrics.registry.metrics();
  t.regex(log(), /"operation":"refreshTokens"/);
  t.regex(metrics, /operation="refreshTokens"/);
  const tokens = [person, next].flatMap(({ access_token, refresh_token }) => [access_token, refresh_token]);
  for (const secret of [password, wrong, person.email, ...tokens])
    for (const text of [log(), metrics]) {
      t.false(text.includes(secret), secret);
      t.false(text.includes(encodeURIComponent(secret)), secret);
    }
  t.true(log().includes(person.id));
  t.false(metrics.includes(person.id));
});

test('A failing sign-up leaves its cause in the log, without password, hash or e-mail', async (t) => {
  const { service, log } = await startLoggedService();
  t.teardown(() => service.stop());
  const email = `${randomUUID()}@example.org`;
  await service.context.database.raw('alter table users add constraint nobody_may check (false) not valid');
  await service.call('signUp', 500, { body: { email, password } });
  t.regex(log(), /nobody_may/);
  for (const secret of [password, '$argon2id', email]) t.false(log().includes(secret), secret);
});

test('A failing refresh leaves its cause in the log, without the tokens', async (t) => {
  const { service, log } = await startLoggedService();
  t.teardown(() => service.stop());
  const { access_token, refresh_token } = await signUp(service);
  await service.context.database.raw('alter table sessions rename column generation to epoch');
  await service.call('refreshTokens', 500, { body: { refresh_token } });
  t.regex(log(), /generation.+does not exist/);
  for (const secret of [access_token, refresh_token]) t.false(log().includes(secret));
});
