import test from 'ava';
import { createTestDatabase } from '../helpers/databases.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { sendAtRate } from '../helpers/open-load.ts';
import { queryAt } from '../helpers/query.ts';
import { isFull } from '../helpers/trials.ts';
import { usualRequests } from '../helpers/usual-requests.ts';

/** How long it lasts: `npm run test:soak` says an hour. */
const minutes = Number(process.env['SOAK_MINUTES'] ?? 0.1);
const samples = 12;
const rate = 50;

/** In bytes: what may be the collector's mood rather than growth. */
const noise = 10 * 2 ** 20;
/** The pool's, and nobody else's. */
const mostConnections = 10;

const { url: databaseUrl, drop } = await createTestDatabase();
test.after.always(drop);

test(`memory and connections stay as they are for ${minutes} minutes`, async (t) => {
  // The access token lasts as long as the soak.
  const instance = await startInstance(t, databaseUrl, { ACCESS_TOKEN_EXPIRE_MINUTES: '1440' });
  const { as, languageId } = await startWork(instance.url);
  const requests = usualRequests(as, languageId);
  const tell = isFull ? console.log : t.log;
  const heaps: number[] = [];
  let sent = 0;

  for (let sample = 1; sample <= samples; sample += 1) {
    const seconds = (minutes * 60) / samples;
    const { exchanges } = await sendAtRate(instance.url, { rate, seconds }, (index) =>
      requests(sent + index),
    );
    sent += exchanges.length;
    t.deepEqual(
      exchanges.filter(({ status }) => status >= 300).map(({ status, text }) => `${status} ${text}`),
      [],
    );
    const { heapUsed, rss } = await instance.memory();
    const connections = await countConnections();
    heaps.push(heapUsed);
    const [heap, all] = [heapUsed, rss].map((bytes) => (bytes / 2 ** 20).toFixed(1));
    const passed = ((minutes * sample) / samples).toFixed(1);
    tell(`${passed} min: ${sent} requests, heap ${heap} MiB, all ${all} MiB, ${connections} connections`);
    t.true(connections <= mostConnections);
  }

  // Warm by now: what is compiled and kept for good is there.
  const [before = 0] = heaps.slice(samples / 4);
  t.true((heaps.at(-1) ?? Infinity) - before < noise);
});

async function countConnections(): Promise<number> {
  const [row] = await queryAt<{ count: number }>(
    databaseUrl,
    `select count(*)::integer as count from pg_stat_activity
      where datname = current_database() and application_name = 'tripod-api'`,
  );
  return row?.count ?? 0;
}
