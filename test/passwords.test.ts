import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import test from 'ava';
import { hashPassword, verifyPassword } from '../src/core/passwords.ts';
import type { Answer } from './helpers/client.ts';
import { addressNumber } from './helpers/addresses.ts';
import { guess } from './helpers/guesses.ts';
import { accountsLike, password, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

const mebibyte = 2 ** 20;

let addresses = 0;

function atOnce<Result>(times: number, start: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: times }, start));
}

async function fortyPeople(): Promise<string[]> {
  return accountsLike(service, await signUp(service), 40);
}

/** A wrong password, of an account that exists or of none. */
function failToLogIn(email = `${randomUUID()}@example.org`): Promise<Answer<unknown>> {
  addresses += 1;
  return guess(service, email, { address: addressNumber(addresses) });
}

test.serial('Passwords are kept as argon2id with 19 MiB, two passes and one lane', async (t) => {
  const [{ id }, other] = [await signUp(service), await signUp(service)];
  const [mine, theirs] = await service.context
    .database('users')
    .whereIn('id', [id, other.id])
    .pluck<string[]>('password_hash');
  t.regex(mine ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22,}\$[\w+/]{43,}$/);
  t.not(mine, theirs);
});

test.serial('A health check is answered before forty people who signed in first', async (t) => {
  const people = await fortyPeople();
  let left = people.length;
  const logins = people.map(async (email) => {
    await service.call('logIn', 200, { body: { email, password } });
    left -= 1;
  });
  await service.call('getHealth', 200);
  t.true(left > 0);
  await Promise.all(logins);
});

// Their order is what is looked at, not how long they take, so that a busy machine makes no difference.
test.serial('The event loop turns while a password is hashed or verified', async (t) => {
  const hash = await hashPassword(password);
  const works = [() => hashPassword(password), () => verifyPassword(hash, password)];
  for (const work of works) {
    let turnedMeanwhile = 0;
    for (let round = 0; round < 10; round += 1) {
      const working = work();
      const first = await Promise.race([working.then(() => 'the password'), setImmediate('the turn')]);
      if (first === 'the turn') turnedMeanwhile += 1;
      await working;
    }
    t.true(turnedMeanwhile > 5, `in ${turnedMeanwhile} of 10 rounds`);
  }
});

test.serial('Forty people signing in at once take the memory of a few hashes, not of forty', async (t) => {
  const people = await fortyPeople();
  const before = process.memoryUsage.rss();
  let highest = before;
  const sampling = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 2);
  await Promise.all(people.map((email) => service.call('logIn', 200, { body: { email, password } })));
  clearInterval(sampling);
  const grown = (highest - before) / mebibyte;
  t.true(grown < 10 * 19, `${Math.round(grown)} MiB more`);
});

test.serial(
  'Sign-in answers 503 with Retry-After while too many passwords wait, and works again soon',
  async (t) => {
    let full = true;
    const waiting = atOnce(64, async () => {
      while (full) await hashPassword(password);
    });
    const answers = [
      await failToLogIn(),
      await service.send({
        method: 'POST',
        path: '/api/auth/signup',
        body: JSON.stringify({ email: `${randomUUID()}@example.org`, password }),
      }),
    ];
    full = false;
    for (const { status, headers, body } of answers) {
      t.like({ status, body }, { status: 503, body: { code: 'UNAVAILABLE' } });
      t.regex(headers.get('Retry-After') ?? '', /^[1-9]\d*$/);
    }
    await waiting;
    t.is((await failToLogIn()).status, 401);
  },
);

/**
 * How likely a known account's answer takes longer than an unknown one's: 0.5 when time tells nothing, 1 when it tells all.
 * Load slows both of an interleaved pair alike, and ranks don't care how much an odd one out is late.
 */
async function chanceThatKnownIsSlower(): Promise<number> {
  const known = await accountsLike(service, await signUp(service), 200);
  const times: { isKnown: boolean; duration: number }[] = [];
  const measure = async (isKnown: boolean) => {
    const start = performance.now();
    await failToLogIn(isKnown ? known.pop() : undefined);
    times.push({ isKnown, duration: performance.now() - start });
  };
  for (let pair = 0; pair < 200; pair += 1) {
    const knownFirst = Math.random() < 0.5;
    await measure(knownFirst);
    await measure(!knownFirst);
  }
  times.sort((one, other) => one.duration - other.duration);
  let unknownSoFar = 0;
  let slower = 0;
  for (const { isKnown } of times) {
    if (isKnown) slower += unknownSoFar;
    else unknownSoFar += 1;
  }
  return slower / 200 ** 2;
}

test.serial(
  'POST /api/auth/login takes as long for an unknown account as for a wrong password',
  async (t) => {
    const tellsNothing = (chance: number) => chance > 0.4 && chance < 0.6;
    const first = await chanceThatKnownIsSlower();
    // Chance alone leaves these limits (3.5 standard deviations) once in 2,000 rounds, but not twice in a row.
    const chance = tellsNothing(first) ? first : await chanceThatKnownIsSlower();
    t.true(tellsNothing(chance), `known is slower in ${Math.round(chance * 100)} of 100 cases`);
  },
);
