import test from 'ava';
import { anotherSession, newPerson } from '../helpers/accounts.ts';
import type { Client } from '../helpers/client.ts';
import { anotherInstance } from '../helpers/instances.ts';
import { startOtherProcess } from '../helpers/other-process.ts';
import type { Person } from '../helpers/people.ts';
import { startService } from '../helpers/service.ts';
import { trials } from '../helpers/trials.ts';

const service = await startService();
const other = await startOtherProcess(service);
test.after.always(async () => {
  await other.stop();
  await service.stop();
});

const rounds = trials({ short: 5, full: 100 });
const uses = 100;

function instance(index: number): Client {
  return index % 2 === 0 ? service : other;
}

type Tokens = Pick<Person, 'access_token' | 'refresh_token'>;

/** Whatever the answer is, and the next pair if it has one. */
async function refresh(on: Client, { refresh_token }: Pick<Tokens, 'refresh_token'>) {
  const body = JSON.stringify({ refresh_token });
  const { status, body: next } = await on.send({ method: 'POST', path: '/api/auth/refresh', body });
  return { status, next: next as Tokens };
}

async function mustRefresh(on: Client, tokens: Tokens): Promise<Tokens> {
  return (await on.call('refreshTokens', 200, { body: { refresh_token: tokens.refresh_token } })).body;
}

/** What every instance says to every token of a session that is over. */
async function refuseAll(instances: readonly Client[], tokens: readonly Tokens[]): Promise<void> {
  for (const on of instances) {
    for (const as of tokens) {
      await on.call('getMe', 401, { as });
      await on.call('refreshTokens', 401, { body: { refresh_token: as.refresh_token } });
    }
  }
}

async function reusesOf({ id }: Person): Promise<{ subject_id: string }[]> {
  return service.context
    .database('audit_events')
    .select('subject_id')
    .where({ action: 'session.token_reused', subject_id: id });
}

test.serial(
  'A hundred uses of one token at once, on two instances, have one successor each round',
  async (t) => {
    const [person, statuses] = [await newPerson(service), new Set<number>()];
    const elsewhere = await anotherSession(service, person);
    let current: Tokens = person;
    let mostSuccessors = 0;
    const start = Date.now();
    for (let round = 0; round < rounds; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: uses }, (_, index) => refresh(instance(index), current)),
      );
      for (const { status } of answers) statuses.add(status);
      const successors = new Set(answers.map(({ next }) => next.refresh_token));
      mostSuccessors = Math.max(mostSuccessors, successors.size);
      t.false(successors.has(current.refresh_token));
      await Promise.all(
        answers.map(({ next }, index) => instance(index + 1).call('getMe', 200, { as: next })),
      );
      current = answers[round % uses]?.next ?? current;
    }
    t.log(
      `${rounds} rounds of ${uses} uses in ${Math.round((Date.now() - start) / 1000)} s: ` +
        `${[...statuses].join(' and ')} throughout, at most ${mostSuccessors} successor`,
    );
    t.deepEqual([...statuses], [200]);
    t.is(mostSuccessors, 1);
    t.deepEqual(await reusesOf(person), []);
    await mustRefresh(other, elsewhere);
  },
);

test.serial(
  'Whoever lost the answer gets it again, from another instance too, while the grace lasts',
  async (t) => {
    const [here, there] = [await anotherInstance(t, service), await anotherInstance(t, service)];
    const first = await newPerson(service);
    const lost = await mustRefresh(here, first);
    for (const seconds of [0, 5, 10]) {
      for (const on of [there, here]) {
        on.passSeconds(seconds);
        const again = await mustRefresh(on, first);
        t.is(again.refresh_token, lost.refresh_token);
        await other.call('getMe', 200, { as: again });
      }
    }
    await mustRefresh(there, lost);
  },
);

test.serial(
  'A used token that comes again after the grace ends the session with all descendants, on all instances',
  async (t) => {
    const [here, there] = [await anotherInstance(t, service), await anotherInstance(t, service)];
    const chains = [];
    for (let reused = 0; reused < 5; reused += 1) {
      const person = await newPerson(here);
      const generations: Tokens[] = [person];
      for (let generation = 0; generation < 5; generation += 1) {
        generations.push(
          await mustRefresh(generation % 2 === 0 ? here : there, generations.at(-1) ?? person),
        );
      }
      chains.push({ person, elsewhere: await anotherSession(here, person), generations, reused });
    }
    for (const instance of [here, there]) instance.passSeconds(31);
    for (const { person, elsewhere, generations, reused } of chains) {
      t.is((await refresh(there, generations[reused] ?? person)).status, 401);
      await refuseAll([here, there, other], generations);
      const { body: sessions } = await other.call('listSessions', 200, { as: elsewhere });
      t.deepEqual(
        sessions.map(({ current, end_reason }) => [current, end_reason]),
        [
          [true, null],
          [false, 'token_reused'],
        ],
      );
      t.is((await reusesOf(person)).length, 1);
    }
  },
);

test.serial(
  'Of a used token that comes again and again at once, one ends the session, and it is noted once',
  async (t) => {
    const first = await newPerson(service);
    const third = await mustRefresh(service, await mustRefresh(other, first));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => refresh(instance(index), first)),
    );
    t.deepEqual(new Set(answers.map(({ status }) => status)), new Set([401]));
    await refuseAll([service, other], [third]);
    t.is((await reusesOf(first)).length, 1);
  },
);

test.serial('The newest token, used just when an old one comes again, does not outlive it', async (t) => {
  for (let round = 0; round < trials({ short: 20, full: 500 }); round += 1) {
    const first = await newPerson(service);
    const third = await mustRefresh(service, await mustRefresh(other, first));
    const [newest, old] = await Promise.all([refresh(instance(round), third), refresh(other, first)]);
    t.is(old.status, 401);
    t.true(newest.status === 200 || newest.status === 401, `${newest.status}`);
    await refuseAll([service], newest.status === 200 ? [third, newest.next] : [third]);
  }
});

test.serial('Ten generations within one second are told apart, on whichever instance', async (t) => {
  const instances = [await anotherInstance(t, service), await anotherInstance(t, service)] as const;
  for (let round = 0; round < trials({ short: 3, full: 50 }); round += 1) {
    const person = await newPerson(service);
    const generations: Tokens[] = [person];
    let last = Date.now();
    for (let generation = 0; generation < 10; generation += 1) {
      const now = Date.now();
      for (const instance of instances) instance.passSeconds((last - now) / 1000);
      last = now;
      const on = instances[(generation + round) % 2] ?? service;
      const newest = await mustRefresh(on, generations.at(-1) ?? person);
      // Its parent still leads to it, and nothing has ended.
      t.is((await mustRefresh(on, generations.at(-1) ?? person)).refresh_token, newest.refresh_token);
      generations.push(newest);
    }
    t.is(new Set(generations.map(({ refresh_token }) => refresh_token)).size, 11);
    for (const as of generations) await other.call('getMe', 200, { as });
    t.is((await refresh(instances[0], generations[round % 9] ?? person)).status, 401);
    await refuseAll([other], generations);
  }
});

test.serial(
  'Instances whose clocks are 2 seconds apart honour each other’s sessions and tokens',
  async (t) => {
    const [slow, fast] = [await anotherInstance(t, service), await anotherInstance(t, service)];
    fast.passSeconds(2);
    for (let round = 0; round < trials({ short: 3, full: 50 }); round += 1) {
      const [here, there] = round % 2 === 0 ? [slow, fast] : [fast, slow];
      const person = await newPerson(here);
      await there.call('getMe', 200, { as: person });
      let current: Tokens = person;
      for (let generation = 0; generation < 4; generation += 1) {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) => refresh(index % 2 === 0 ? here : there, current)),
        );
        t.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
        t.is(new Set(answers.map(({ next }) => next.refresh_token)).size, 1);
        await Promise.all(
          answers.map(({ next }, index) => (index % 2 === 0 ? there : here).call('getMe', 200, { as: next })),
        );
        current = answers[generation]?.next ?? current;
      }
      await there.call('logOut', 204, { body: { refresh_token: current.refresh_token } });
      await refuseAll([here, there, other], [person, current]);
    }
  },
);
