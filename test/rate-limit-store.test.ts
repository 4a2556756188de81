import { createHash, randomInt } from 'node:crypto';
import test from 'ava';
import { connectDatabase } from '../src/core/database.ts';
import { giveBackAll, isFull, takeOfAll } from '../src/http/rate-limit-store.ts';
import { createTestDatabase } from './helpers/databases.ts';

const { url, drop } = await createTestDatabase();
const instances = [connectDatabase(url), connectDatabase(url)] as const;
test.after.always(async () => {
  for (const database of instances) await database.destroy();
  await drop();
});

const start = Date.UTC(2026, 0, 1);

function after(seconds: number): Date {
  return new Date(start + Math.round(seconds * 1000));
}

function bucket(name: string, quota: number, seconds = 60) {
  return { key: createHash('sha256').update(name).digest(), quota, seconds };
}

function pick<Item>(items: readonly Item[]): Item {
  return items[randomInt(items.length)] as Item;
}

test.serial('never more than the quota is taken in any period, however the moments lie', async (t) => {
  const asked = bucket('rolling', 7);
  const taken: number[] = [];
  for (let now = 0; now < 1800; now += pick([0, 0.001, 0.5, 3, 11, 59.999, 60])) {
    const [state] = await takeOfAll(pick(instances), [asked], after(now));
    if (state && !isFull(state)) taken.push(now);
  }
  t.true(taken.length > 50);
  for (const [index, first] of taken.entries()) {
    const eighth = taken[index + 7];
    if (eighth !== undefined) t.true(eighth - first > 59.9995, `${first} and ${eighth}`);
  }
});

test.serial('what is full says when it has room again, and has it then', async (t) => {
  const asked = bucket('again', 2, 30);
  const at = async (seconds: number) => {
    const [state] = await takeOfAll(instances[0], [asked], after(seconds));
    return { used: state?.used, freeAgainAt: state?.freeAgainAt?.getTime() };
  };
  t.deepEqual(await at(0), { used: 0, freeAgainAt: undefined });
  t.deepEqual(await at(10), { used: 1, freeAgainAt: after(30).getTime() });
  t.deepEqual(await at(29.999), { used: 2, freeAgainAt: after(30).getTime() });
  t.deepEqual(await at(30), { used: 1, freeAgainAt: after(40).getTime() });
  t.deepEqual(await at(39), { used: 2, freeAgainAt: after(40).getTime() });
  t.deepEqual(await at(99), { used: 0, freeAgainAt: undefined });
});

test.serial('of many that ask at once on two instances, exactly the quota is let through', async (t) => {
  const asked = [bucket('wide', 60), bucket('narrow', 23), bucket('middle', 40)];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      takeOfAll(
        index % 2 ? instances[0] : instances[1],
        asked.toSorted(() => randomInt(3) - 1),
        after(0),
      ),
    ),
  );
  t.is(answers.filter((states) => !states.some(isFull)).length, 23);
  const [wide] = await takeOfAll(instances[0], asked, after(1));
  t.is(wide?.used, 23);
});

test.serial('what is given back can be taken again, one use for each', async (t) => {
  const asked = bucket('returned', 3);
  const take = async (seconds: number) => {
    const [state] = await takeOfAll(instances[0], [asked], after(seconds));
    return state?.used;
  };
  t.deepEqual([await take(0), await take(0), await take(5), await take(6)], [0, 1, 2, 3]);
  await giveBackAll(instances[1], [asked], after(0));
  t.deepEqual([await take(7), await take(7)], [2, 3]);
  await giveBackAll(instances[1], [asked], after(3));
  t.is(await take(8), 3);
  await Promise.all([7, 5, 0].map((moment) => giveBackAll(instances[1], [asked], after(moment))));
  t.is(await take(9), 0);
});

test.serial(
  'those who take and give back many at once, in any order, never wait for each other in a circle',
  async (t) => {
    for (let round = 0; round < 5; round += 1) {
      const all = Array.from({ length: 6 }, (_, index) => bucket(`circle ${round} ${index}`, 1000));
      await Promise.all(
        Array.from({ length: 60 }, async () => {
          const some = all.filter(() => randomInt(2)).toSorted(() => randomInt(3) - 1);
          const moment = after(randomInt(1000) / 1000);
          await takeOfAll(pick(instances), some, moment);
          await giveBackAll(pick(instances), some, moment);
        }),
      );
      const states = await takeOfAll(instances[0], all, after(1));
      t.deepEqual(new Set(states.map(({ used }) => used)), new Set([0]));
    }
  },
);

test.serial('taking clears away what was forgotten, whatever others are doing', async (t) => {
  const { url: ownUrl, drop: dropOwn } = await createTestDatabase();
  const database = connectDatabase(ownUrl);
  const rows = async () => (await database('rate_limits').select('key')).length;
  const takeOf = (name: string, seconds: number) => takeOfAll(database, [bucket(name, 5)], after(seconds));
  for (let index = 0; index < 50; index += 1) await takeOf(`old ${index}`, 0);
  t.is(await rows(), 50);
  await Promise.all(Array.from({ length: 10 }, (_, index) => takeOf(`new ${index}`, 200)));
  t.is(await rows(), 10);
  await database.destroy();
  await dropOwn();
});
