import test from 'ava';
import { addressNumber } from '../helpers/addresses.ts';
import { guess, headersOf, tally, tryToLogIn } from '../helpers/guesses.ts';
import { password, signUp, type Person } from '../helpers/people.ts';
import { startService, type TestService } from '../helpers/service.ts';
import { trials } from '../helpers/trials.ts';

const settings = { trustedProxies: 1, clockStands: true } as const;
const first = await startService(settings);
const second = await startService({ ...settings, databaseUrl: first.databaseUrl });
const instances = [first, second] as const;
test.after.always(async () => {
  await second.stop();
  await first.stop();
});

const addresses = 200;
/** Not a divisor of the minute, so that the windows begin anywhere in it. */
const stepSeconds = 13;
const perStep = 100;
const steps = trials({ short: 15, full: 140 });

const home = { address: '192.0.2.7', agent: 'Console/1.0' };
const app = { deviceId: 'a-device-that-its-owner-keeps' };

function instanceFor(index: number): TestService {
  return index % 2 === 0 ? first : second;
}

async function ownerWithDevices(): Promise<Person> {
  const { email } = await signUp(first);
  for (const device of [home, { ...app, address: '192.0.2.8' }])
    await first.call('logIn', 200, { headers: headersOf(device), body: { email, password } });
  return { ...(await signUp(second)), email };
}

/** The most that lie in any 60 seconds. */
function mostInAMinute(moments: readonly number[]): number {
  return Math.max(
    0,
    ...moments.map((start) => moments.filter((at) => at >= start && at < start + 60).length),
  );
}

/**
 * Guesses for many minutes from 200 addresses, a hundred at once on two instances, while the owner signs in now and then.
 * @param insider guesses from the owner's own browser among them
 */
async function attack(email: string, insider: boolean) {
  const guessedAt: number[] = [];
  const answered: number[] = [];
  const owner: number[] = [];
  const stranger: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    const answers = await Promise.all(
      Array.from({ length: perStep }, (_, index) => {
        const address = addressNumber((step * perStep + index) % addresses);
        const device = insider && index % 10 === 0 ? home : { address, agent: `Agent ${index}` };
        return guess(instanceFor(index), email, device);
      }),
    );
    answered.push(...answers.map(({ status }) => status));
    guessedAt.push(...answers.filter(({ status }) => status === 401).map(() => step * stepSeconds));
    if (!insider) {
      owner.push((await tryToLogIn(instanceFor(step), email, home)).status);
      owner.push(
        (await tryToLogIn(instanceFor(step), email, { ...app, address: addressNumber(step) })).status,
      );
      stranger.push((await tryToLogIn(instanceFor(step), email, { address: '203.0.113.5' })).status);
    }
    for (const instance of instances) instance.passSeconds(stepSeconds);
  }
  return { guessedAt, answered: tally(answered), owner: tally(owner), stranger: tally(stranger) };
}

test.serial(
  '200 addresses on two instances guess at an account five times in any minute, and its owner gets in meanwhile',
  async (t) => {
    const { email } = await ownerWithDevices();
    const { guessedAt, answered, owner, stranger } = await attack(email, false);
    const minutes = (steps * stepSeconds) / 60;
    t.log(
      `${steps * perStep} guesses in ${minutes.toFixed(1)} minutes:`,
      `${guessedAt.length} answered 401, ${answered[429] ?? 0} answered 429, at most ${mostInAMinute(guessedAt)} in any minute;`,
      `the owner signed in ${owner[200] ?? 0} times of ${2 * steps} on known devices`,
    );
    t.deepEqual(Object.keys(answered), ['401', '429']);
    t.is(mostInAMinute(guessedAt), 5);
    t.deepEqual(owner, { 200: 2 * steps });
    t.deepEqual(stranger, { 429: steps });
  },
);

test.serial('an attacker who also sits at the owner’s browser guesses ten times in any minute', async (t) => {
  const { email } = await ownerWithDevices();
  const { guessedAt, answered } = await attack(email, true);
  t.log(`${guessedAt.length} guesses, at most ${mostInAMinute(guessedAt)} in any minute`);
  t.deepEqual(Object.keys(answered), ['401', '429']);
  t.is(mostInAMinute(guessedAt), 10);
});

test.serial('one address guesses at many accounts a hundred times in any five minutes', async (t) => {
  const guessedAt: number[] = [];
  const rounds = trials({ short: 6, full: 30 });
  for (let round = 0; round < rounds; round += 1) {
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        guess(instanceFor(index), `account-${round}-${index}@example.org`, { address: '2001:db8:5::1' }),
      ),
    );
    for (const { status } of answers) if (status === 401) guessedAt.push(round * 50);
    for (const instance of instances) instance.passSeconds(50);
  }
  const most = Math.max(
    ...guessedAt.map((start) => guessedAt.filter((at) => at >= start && at < start + 300).length),
  );
  t.log(
    `${30 * rounds} guesses in ${(rounds * 50) / 60} minutes: ${guessedAt.length} answered 401, at most ${most} in 5 minutes`,
  );
  t.is(most, 100);
});

test.serial('the console, its many tabs and the people of one office are never limited', async (t) => {
  const office = { address: '192.0.2.50', agent: 'Console/1.0' };
  const people = await Promise.all(Array.from({ length: 20 }, (_, index) => signUp(instanceFor(index))));
  const mistyped = await Promise.all(
    people.map(({ email }, index) => guess(instanceFor(index), email, office)),
  );
  t.deepEqual(tally(mistyped.map(({ status }) => status)), { 401: 20 });
  const signedIn = await Promise.all(
    people.map(({ email }, index) => tryToLogIn(instanceFor(index), email, office)),
  );
  t.deepEqual(tally(signedIn.map(({ status }) => status)), { 200: 20 });

  const [person] = people as [Person];
  const body = { refresh_token: person.refresh_token };
  const tabs = await Promise.all(
    Array.from({ length: 50 }, (_, index) => instanceFor(index).call('refreshTokens', 200, { body })),
  );
  t.is(new Set(tabs.map((tab) => tab.body.refresh_token)).size, 1);
  const reads = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      instanceFor(index).call(index % 3 ? 'getMe' : 'listMyRoles', 200, {
        as: person,
        headers: headersOf(office),
      }),
    ),
  );
  t.is(reads.length, 300);
});
