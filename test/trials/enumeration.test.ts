import { randomInt, randomUUID } from 'node:crypto';
import test from 'ava';
import { addAccounts } from '../helpers/accounts.ts';
import type { RawRequest } from '../helpers/client.ts';
import { startOtherProcess } from '../helpers/other-process.ts';
import { startService } from '../helpers/service.ts';
import { legacyHash } from '../helpers/stored-hashes.ts';
import { areaUnderCurve, createTimer, median, type TimedAnswer } from '../helpers/timing.ts';
import { trials } from '../helpers/trials.ts';

const service = await startService();
// Limits by address don't matter here: the proxy in front names another one for each request.
const behindProxy = await startOtherProcess(service, { TRUST_PROXY: '1' });
const timer = createTimer(behindProxy.url);
test.after.always(async () => {
  timer.close();
  await behindProxy.stop();
  await service.stop();
});

const pairs = trials({ short: 150, full: 1_000 });
const warmUp = 20;
/** Chance alone stays within, in all but one of thousands of runs. */
const [least, most] = trials({ short: 0, full: 1 }) === 1 ? [0.45, 0.55] : [0.35, 0.65];

interface Guess {
  readonly name: string;
  /** The e-mails of so many accounts. */
  readonly accounts: (count: number) => Promise<string[]>;
  readonly request: (email: string) => RawRequest;
}

const logIn = (email: string): RawRequest => ({
  method: 'POST',
  path: '/api/auth/login',
  body: JSON.stringify({ email, password: 'not the password of anyone' }),
});

const forgotPassword = (email: string): RawRequest => ({
  method: 'POST',
  path: '/api/auth/forgot-password',
  body: JSON.stringify({ email }),
});

const accounts = (details?: Parameters<typeof addAccounts>[2]) => async (count: number) =>
  (await addAccounts(service, count, details)).map(({ email }) => email);

const guesses: Guess[] = [
  { name: 'Signing in to an account', accounts: accounts(), request: logIn },
  { name: 'Signing in to a deactivated account', accounts: accounts({ is_active: false }), request: logIn },
  {
    name: 'Signing in to an account of the earlier backend',
    accounts: accounts({ password_hash: legacyHash }),
    request: logIn,
  },
  { name: 'Asking for a new password', accounts: accounts(), request: forgotPassword },
];

// One after the other: they would disturb each other's times.
for (const { name, accounts, request } of guesses) {
  test.serial(`${name} takes as long and answers the same as where there is none`, async (t) => {
    const known: TimedAnswer[] = [];
    const unknown: TimedAnswer[] = [];
    for (const [index, email] of (await accounts(warmUp + pairs)).entries()) {
      const asks = [
        async () => known.push(await send(request(email))),
        async () => unknown.push(await send(request(`${randomUUID()}@example.org`))),
      ];
      for (const ask of randomInt(2) === 0 ? asks : asks.toReversed()) await ask();
      t.deepEqual(shown(known.at(-1)), shown(unknown.at(-1)), `pair ${index}`);
    }
    const times = [known, unknown].map((answers) =>
      answers.slice(warmUp).map(({ milliseconds }) => milliseconds),
    );
    const [ofKnown = [], ofUnknown = []] = times;
    const area = areaUnderCurve(ofKnown, ofUnknown);
    t.log(
      `${ofKnown.length} pairs: AUC ${area.toFixed(3)}, medians ${times.map((all) => median(all).toFixed(2)).join(' and ')} ms`,
    );
    t.true(area >= least && area <= most, `AUC ${area}`);
  });
}

test('The area under the curve is 0.5 where nothing can be told apart, and 0 or 1 where all can', (t) => {
  t.is(areaUnderCurve([1, 2, 3], [1, 2, 3]), 0.5);
  t.is(areaUnderCurve([1, 1], [1, 1]), 0.5);
  t.is(areaUnderCurve([3, 4], [1, 2]), 1);
  t.is(areaUnderCurve([1, 2], [3, 4]), 0);
  t.is(areaUnderCurve([1, 3], [2, 2]), 0.5);
});

let addresses = 0;

/** From another address each time. */
function send(request: RawRequest): Promise<TimedAnswer> {
  addresses += 1;
  const address = `2001:db8:${(addresses >> 16).toString(16)}:${(addresses & 0xffff).toString(16)}::1`;
  return timer.time({ ...request, headers: { 'X-Forwarded-For': address } });
}

/** What anyone can see of an answer but the ids and times that differ between all answers. */
function shown(answer: TimedAnswer | undefined) {
  if (!answer) return undefined;
  const { status, headers, body } = answer;
  const passing = new Set(['date', 'x-request-id']);
  return {
    status,
    headers: headers.filter(([name]) => !passing.has(name.toLowerCase())),
    body: typeof body === 'object' ? { ...body, request_id: undefined } : body,
  };
}
