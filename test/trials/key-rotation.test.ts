import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import type { Schema } from '../../src/core/schema.ts';
import { headerOf, newPrivateKey, verifiesWith } from '../helpers/forging.ts';
import { signUp, type Person } from '../helpers/people.ts';
import { startRolling, type RollingInstances } from '../helpers/rolling-instances.ts';
import { secretAlone, testSecret, type Keys } from '../helpers/service.ts';
import { trials } from '../helpers/trials.ts';

const clients = trials({ short: 5, full: 20 });
/** How often each client goes round before the next instance starts anew. */
const rounds = trials({ short: 1, full: 10 });

const [oldKey, newKey] = [newPrivateKey(), newPrivateKey()];
const withKeys = (...privateKeys: (typeof oldKey)[]): Keys => ({
  secret: undefined,
  privateKeys,
  signingAlgorithm: 'ES256',
});
const withBoth = (signingAlgorithm: Keys['signingAlgorithm']): Keys => ({
  secret: testSecret,
  privateKeys: [newKey],
  signingAlgorithm,
});

/** Each stage is reached by both instances, one after the other, before the next one begins. */
const rotations: Readonly<Record<string, readonly Keys[]>> = {
  'from one private key to another': [
    withKeys(oldKey),
    withKeys(oldKey, newKey),
    withKeys(newKey, oldKey),
    withKeys(newKey),
  ],
  'from a secret to a private key': [secretAlone, withBoth('HS256'), withBoth('ES256'), withKeys(newKey)],
  'from a private key back to a secret': [
    withKeys(newKey),
    withBoth('ES256'),
    withBoth('HS256'),
    secretAlone,
  ],
};

/** Somebody whose console is open all the time, in two tabs. */
interface Client {
  tokens: Schema<'Tokens'>;
  rounds: number;
}

/**
 * Sends its refresh token to both instances at once, as two tabs would, and what it gets from one to the other. While the
 * two sign with different keys, the tabs get different successors, which are both good; one of them goes on.
 */
async function goRound({ on }: RollingInstances, client: Client): Promise<Schema<'Tokens'>[]> {
  const body = { refresh_token: client.tokens.refresh_token };
  const successors = await Promise.all(
    ([0, 1] as const).map(async (index) => {
      const { body: tokens } = await on(index, (service) => service.call('refreshTokens', 200, { body }));
      await on(index === 0 ? 1 : 0, (service) => service.call('getMe', 200, { as: tokens }));
      return tokens;
    }),
  );
  client.tokens = successors[client.rounds % 2] ?? client.tokens;
  client.rounds += 1;
  return successors;
}

/** Lets all clients go on until they are stopped; `check` looks at all tokens that they get. */
function keepWorking(
  instances: RollingInstances,
  people: readonly Person[],
  check: (successors: readonly Schema<'Tokens'>[]) => void,
) {
  let isOver = false;
  const all: Client[] = people.map((tokens) => ({ tokens, rounds: 0 }));
  const work = Promise.all(
    all.map(async (client) => {
      try {
        while (!isOver) check(await goRound(instances, client));
      } finally {
        // One that fails is the end of it for all.
        isOver = true;
      }
    }),
  );
  return {
    /** Until each of them has gone round so many times more; a round that has begun already does not count. */
    goOn: async () => {
      const goals = all.map((client) => ({ client, rounds: client.rounds + rounds + 1 }));
      const haveAll = async () => {
        while (!isOver && goals.some((goal) => goal.client.rounds < goal.rounds)) await wait(10);
      };
      await Promise.race([haveAll(), work]);
    },
    stop: () => {
      isOver = true;
      return work;
    },
  };
}

const tried = Object.entries(rotations).slice(0, trials({ short: 2, full: 3 }));

for (const [title, [first = secretAlone, ...stages]] of tried) {
  test.serial(`The keys change ${title} while clients go on, and none of them is refused`, async (t) => {
    const instances = await startRolling(t, first);
    const { on, restart } = instances;
    const [idle, late] = await Promise.all([on(0, signUp), on(1, signUp)]);
    const people = await Promise.all(Array.from({ length: clients }, () => on(0, signUp)));

    const publishedKeys = () => on(0, async (service) => (await service.call('getJsonWebKeySet', 200)).body);
    let known = await publishedKeys();
    let [issued, apart] = [0, 0];
    const { goOn, stop } = keepWorking(instances, people, (successors) => {
      const [one, other] = successors.map((tokens) => tokens.refresh_token);
      issued += successors.length;
      apart += one === other ? 0 : 1;
      // A tool that looks for new keys only now and then knows each before the first token is signed with it.
      for (const tokens of successors)
        if (headerOf(tokens)['alg'] === 'ES256') t.true(verifiesWith(tokens, known));
    });

    let returned: Schema<'Tokens'> = late;
    const refresh = async (refresh_token: string) =>
      (await on(1, (service) => service.call('refreshTokens', 200, { body: { refresh_token } }))).body;
    for (const keys of stages) {
      for (const index of [0, 1] as const)
        await on(index, (service) => service.call('getMe', 200, { as: idle }));
      if (keys === stages.at(-1)) returned = await refresh(late.refresh_token);
      for (const index of [0, 1] as const) {
        await goOn();
        await restart(index, keys);
      }
      await goOn();
      known = await publishedKeys();
    }
    await stop();

    t.log(`${issued} pairs of tokens; ${apart} times two tabs got pairs of different keys`);
    t.true(apart > 0);
    // Whoever comes back before the old key goes stays signed in; whoever does not has to sign in again.
    await refresh(returned.refresh_token);
    const body = { refresh_token: idle.refresh_token };
    await on(0, (service) => service.call('getMe', 401, { as: idle }));
    await on(0, (service) => service.call('refreshTokens', 401, { body }));
  });
}
