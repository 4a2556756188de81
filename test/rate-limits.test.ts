import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import type { Answer } from './helpers/client.ts';
import { collectLog } from './helpers/collect-log.ts';
import { operations } from './helpers/contract.ts';
import { addressNumber } from './helpers/addresses.ts';
import { guess, headersOf, statusesOf, tally, tryToLogIn, type Device } from './helpers/guesses.ts';
import { password, signUp } from './helpers/people.ts';
import { createSamples } from './helpers/samples.ts';
import { startService, type TestService } from './helpers/service.ts';

const service = await startService({ clockStands: true });
test.after.always(() => service.stop());

let addresses = 1000;

/** One that no other test uses, and has nothing counted against it. */
function newAddress(): string {
  addresses += 1;
  return addressNumber(addresses);
}

function newEmail(): string {
  return `${randomUUID()}@example.org`;
}

function summary({ status, body, headers }: Answer<unknown>) {
  const { code, detail } = body as Schema<'Problem'>;
  return { status, code, detail, left: headers.get('RateLimit'), policy: headers.get('RateLimit-Policy') };
}

/** After one more guess from there. */
async function leftOfAddress(on: TestService, device: Device): Promise<string | undefined> {
  const { left } = summary(await guess(on, newEmail(), device));
  return /"address";r=(\d+)/.exec(left ?? '')?.[1];
}

async function atOnce(times: number, attempt: () => Promise<Answer<unknown>>): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: times }, attempt));
  return answers.map(({ status }) => status);
}

const policy = '"account";q=5;w=60, "address";q=100;w=300';

test.serial('every answer of an operation with a limit tells what holds and what is left', async (t) => {
  const [email, address] = [newEmail(), newAddress()];
  const fresh = await tryToLogIn(service, email, { address }, '');
  t.like(summary(fresh), { status: 400, policy, left: '"account";r=5, "address";r=100' });
  const first = await guess(service, email, { address });
  t.like(summary(first), {
    status: 401,
    policy,
    left: '"account";r=4;t=60, "address";r=99;t=300',
  });
});

test.serial(
  'a sixth guess within a minute from devices that the account does not know answers 429 and when to come back',
  async (t) => {
    const on = await startService({ clockStands: true });
    t.teardown(() => on.stop());
    const [email, address] = [newEmail(), newAddress()];
    t.deepEqual(await statusesOf(4, () => guess(on, email, { address })), [401, 401, 401, 401]);
    on.passSeconds(20);
    t.is((await guess(on, email, { address })).status, 401);
    const refused = await guess(on, email, { address });
    t.like(summary(refused), {
      status: 429,
      code: 'RATE_LIMITED',
      detail: 'Too many attempts. Please try again in 40 seconds.',
      policy,
      left: '"account";r=0;t=40, "address";r=95;t=280',
    });
    t.is(refused.headers.get('Retry-After'), '40');
    on.passSeconds(39.999);
    t.is((await guess(on, email, { address })).headers.get('Retry-After'), '1');
    on.passSeconds(0.001);
    t.deepEqual(await statusesOf(5, () => guess(on, email, { address })), [401, 401, 401, 401, 429]);
    t.is((await guess(on, email, { address })).headers.get('Retry-After'), '20');
  },
);

test.serial('the right password gets in as often as one likes, and costs nothing', async (t) => {
  const address = newAddress();
  const { email } = await signUp(service);
  await statusesOf(4, () => guess(service, email, { address }));
  const statuses = await statusesOf(12, () => tryToLogIn(service, email, { address, agent: 'new' }));
  t.deepEqual(tally(statuses), { 200: 12 });
  const last = await guess(service, email, { address, agent: 'another' });
  t.is(last.status, 401);
  t.is(summary(last).left, '"account";r=0;t=60, "address";r=95;t=300');
});

test.serial('the right password answers 429 too once the guesses are used up', async (t) => {
  const address = newAddress();
  const { email } = await signUp(service);
  await statusesOf(5, () => guess(service, email, { address }));
  t.like(summary(await tryToLogIn(service, email, { address })), { status: 429, code: 'RATE_LIMITED' });
});

test.serial('what is no guess is not counted', async (t) => {
  const [email, address] = [newEmail(), newAddress()];
  const malformed = [`{"email": "${email}"}`, `{"email": "${email}", "password": 1}`, '{', '[]', '"x"', ''];
  for (const body of [...malformed, ...malformed, ...malformed]) {
    const path = '/api/auth/login';
    const answer = await service.send({ method: 'POST', path, headers: headersOf({ address }), body });
    t.is(answer.status, 400);
  }
  t.regex(summary(await guess(service, email, { address })).left ?? '', /^"account";r=4;.*"address";r=99;/);
});

test.serial('an account is one however its e-mail is written', async (t) => {
  const address = newAddress();
  const { email } = await signUp(service);
  const written = [email, email.toUpperCase(), email.replace('e', 'E')];
  const statuses = await statusesOf(9, (index) => guess(service, written[index % 3] ?? '', { address }));
  t.deepEqual(tally(statuses), { 401: 5, 429: 4 });
});

test.serial('an e-mail without an account is limited just like one with an account', async (t) => {
  const { email } = await signUp(service);
  const shown = async (asked: string) => {
    const address = newAddress();
    const answers: unknown[] = [];
    for (let index = 0; index < 8; index += 1) {
      const answer = await guess(service, asked, { address });
      const names = [...answer.headers.keys()];
      const { code, status, left, policy } = summary(answer);
      answers.push({ status, code, policy, left: left?.replaceAll(/t=\d+/g, 't'), names });
    }
    return answers;
  };
  t.deepEqual(await shown(email), await shown(newEmail()));
});

test.serial('guesses at many accounts from one address end at a hundred', async (t) => {
  const address = newAddress();
  const spray = () => guess(service, newEmail(), { address });
  for (let batch = 0; batch < 10; batch += 1)
    t.deepEqual(tally(await atOnce(10, spray)), { 401: 10 }, String(batch));
  t.deepEqual(tally(await atOnce(10, spray)), { 429: 10 });
  t.is((await guess(service, newEmail(), { address: newAddress() })).status, 401);
});

test.serial('what one limit refuses is not taken of the others', async (t) => {
  const address = newAddress();
  const email = newEmail();
  await statusesOf(12, () => guess(service, email, { address }));
  const { left } = summary(await guess(service, newEmail(), { address }));
  t.regex(left ?? '', /"address";r=94;/);
});

test.serial('an IPv6 address counts with all of its /64', async (t) => {
  const ofOneNetwork = ['2001:db8:9::1', '2001:db8:9:0:1:2:3:4', '2001:DB8:9::ffff:ffff', '2001:db8:0009::'];
  const lefts = [];
  for (const address of [...ofOneNetwork, '2001:db8:9:1::1', `::ffff:${newAddress()}`])
    lefts.push(await leftOfAddress(service, { address }));
  t.deepEqual(lefts, ['99', '98', '97', '96', '99', '99']);
});

test.serial('those whose proxy names them by words have one limit together', async (t) => {
  const lefts = [];
  for (const address of ['unknown', '_hidden', '192.0.2.1:80'])
    lefts.push(await leftOfAddress(service, { address }));
  t.deepEqual(lefts, ['99', '98', '97']);
});

test.serial('an X-Forwarded-For that the client makes up changes nothing behind a proxy', async (t) => {
  const address = newAddress();
  const email = newEmail();
  const spoofed = (index: number) => ({ address: `${addressNumber(index)}, ${address}` });
  const statuses = await statusesOf(12, (index) => guess(service, email, spoofed(index)));
  t.deepEqual(tally(statuses), { 401: 5, 429: 7 });
  t.is(await leftOfAddress(service, spoofed(13)), '94');
  t.is(await leftOfAddress(service, { address: `, ,${address}` }), '93');
});

test.serial('an X-Forwarded-For changes nothing without a proxy', async (t) => {
  const direct = await startService({ trustedProxies: 0, clockStands: true });
  t.teardown(() => direct.stop());
  const email = newEmail();
  const statuses = await statusesOf(12, (index) => guess(direct, email, { address: addressNumber(index) }));
  t.deepEqual(tally(statuses), { 401: 5, 429: 7 });
  t.is(await leftOfAddress(direct, { address: newAddress() }), '94');
});

test.serial(
  'POST /api/auth/change-password answers 429 after ten wrong passwords, for that user alone',
  async (t) => {
    const [person, other] = [await signUp(service), await signUp(service)];
    const change = (as: typeof person, current_password: string) =>
      service.send({
        method: 'POST',
        path: '/api/auth/change-password',
        as,
        body: JSON.stringify({ current_password, new_password: 'five other words in a row' }),
      });
    const statuses = await statusesOf(12, () => change(person, 'not this one'));
    t.deepEqual(tally(statuses), { 403: 10, 429: 2 });
    t.is((await change(person, password)).status, 429);
    t.is((await change(other, password)).status, 204);
  },
);

test.serial('POST /api/auth/change-password answers 401 without a token, before any limit', async (t) => {
  const body = JSON.stringify({ current_password: 'x', new_password: 'five other words in a row' });
  const request = { method: 'POST', path: '/api/auth/change-password', body };
  const answer = await service.send(request);
  t.is(answer.status, 401);
  t.false(answer.headers.has('RateLimit'));
});

test.serial('neither the database nor the log shows whose limits they are', async (t) => {
  const { logTo, log, entries } = collectLog();
  const logging = await startService({
    databaseUrl: service.databaseUrl,
    trustedProxies: 1,
    clockStands: true,
    logTo,
  });
  t.teardown(() => logging.stop());
  const { email } = await signUp(service);
  const address = newAddress();
  await statusesOf(6, () =>
    guess(logging, email, { address, deviceId: 'a device that is told to nobody'.replaceAll(' ', '-') }),
  );
  const refused = entries().filter(({ message }) => message === 'rate limited');
  t.is(refused.length, 1);
  t.like(refused[0], { severity: 'WARNING', operation: 'logIn', limits: ['account'] });
  t.is(typeof refused[0]?.['request_id'], 'string');
  const { rows } = await service.context.database.raw<{ rows: { text: string }[] }>(
    'select r::text as text from rate_limits r union all select d::text from known_devices d',
  );
  const kept = JSON.stringify(rows) + log();
  t.true(rows.length > 0);
  for (const secret of [email, address, 'a-device-that', password]) t.false(kept.includes(secret), secret);
});

test.serial('a refused sign-in is in the log, but not in the audit', async (t) => {
  const { email, id } = await signUp(service);
  await statusesOf(8, (index) => guess(service, email, { address: addressNumber(index) }));
  const failed = await service.context
    .database('audit_events')
    .where({ subject_id: id, action: 'user.login_failed' });
  t.is(failed.length, 5);
});

test.serial('the limits of long ago leave nothing behind', async (t) => {
  const later = await startService({ clockStands: true });
  t.teardown(() => later.stop());
  const rows = async () => (await later.context.database('rate_limits').select('key')).length;
  await statusesOf(15, (index) => guess(later, newEmail(), { address: addressNumber(index) }));
  t.is(await rows(), 30);
  later.passMinutes(7);
  // Each clears away twenty of them.
  await statusesOf(3, (index) => guess(later, newEmail(), { address: addressNumber(100 + index) }));
  t.is(await rows(), 6);
});

test.serial('a flood from many addresses that is refused leaves nothing behind', async (t) => {
  const flooded = await startService({ clockStands: true });
  t.teardown(() => flooded.stop());
  const email = newEmail();
  await statusesOf(60, (index) => guess(flooded, email, { address: addressNumber(index) }));
  const rows = await flooded.context.database('rate_limits').select('key');
  // Those of the account, of the five addresses that guessed, and of the last that was refused.
  t.is(rows.length, 1 + 5 + 1);
});

test.serial(
  'every operation that declares 429 answers it once its limit is used up, and none before',
  async (t) => {
    const walked = await startService({ clockStands: true });
    t.teardown(() => walked.stop());
    const samples = await createSamples(walked);
    const limited = [...operations.values()].filter(({ responses }) => '429' in responses);
    t.true(limited.length >= 3);
    for (const operation of limited) {
      const sample = await samples.addSample();
      const request = samples.request(operation, sample);
      t.not((await walked.send(request)).status, 429, operation.id);
      // As if all limits that it met had been used up a second ago.
      await walked.context.database.raw(
        `update rate_limits set taken = array(select now() - interval '1 second' from generate_series(1, quota))`,
      );
      const answer = await walked.send(request);
      t.like(summary(answer), { status: 429, code: 'RATE_LIMITED' }, operation.id);
      t.regex(answer.headers.get('Retry-After') ?? '', /^[1-9]\d*$/, operation.id);
      t.regex(answer.headers.get('RateLimit') ?? '', /^"[a-z-]+";r=0;t=\d+(, "[a-z-]+";r=0;t=\d+)*$/);
      t.regex(
        answer.headers.get('RateLimit-Policy') ?? '',
        /^"[a-z-]+";q=\d+;w=\d+(, "[a-z-]+";q=\d+;w=\d+)*$/,
      );
      await walked.context.database('rate_limits').delete();
    }
  },
);

test.serial('operations without a limit say nothing of any', async (t) => {
  const as = await signUp(service);
  for (const { headers } of [
    await service.call('getMe', 200, { as }),
    await service.call('refreshTokens', 200, { body: { refresh_token: as.refresh_token } }),
    await service.call('getHealth', 200),
  ]) {
    t.false(headers.has('RateLimit'));
    t.false(headers.has('RateLimit-Policy'));
  }
});
