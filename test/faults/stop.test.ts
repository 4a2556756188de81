import { Agent } from 'node:http';
import test from 'ava';
import { createTestDatabase } from '../helpers/databases.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { sendOdd } from '../helpers/raw-http.ts';
import { trials } from '../helpers/trials.ts';

const { url: databaseUrl, drop } = await createTestDatabase();
test.after.always(drop);

const clients = trials({ short: 50, full: 200 });

for (const [habit, comesAgain] of [
  ['that go elsewhere when told to', false],
  ['that come again until they are refused', true],
] as const)
  test.serial(`clients ${habit} get an answer to all they send while the service stops`, async (t) => {
    const server = await startInstance(t, databaseUrl);
    const { as, languageId } = await startWork(server.url);
    const counts: Record<string, number> = {};
    const note = (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1;
    };
    let number = 0;
    let told = 0;
    const server2 = server;
    let started = 0;
    let allStarted: () => void;
    const ready = new Promise<void>((resolve) => (allStarted = resolve));

    async function client(): Promise<void> {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let first = true; ; first = false) {
        number += 1;
        const write = number % 2 === 0;
        const request = write
          ? {
              ...{ method: 'POST', path: '/api/projects' },
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify({ name: `${number}`, language_id: languageId }),
            }
          : { method: 'GET', path: '/api/auth/me' };
        const at = performance.now();
        try {
          const answer = await sendOdd(server.url, { ...request, as, agent });
          note(`${answer.status}`);
          if (answer.headers.get('connection') === 'close') { note('close'); if (!comesAgain) return; }
        } catch (error) {
          const code = (error as NodeJS.ErrnoException).code ?? String(error);
          note(code);
          if (code !== 'ECONNREFUSED') console.log(code, Math.round(at - told), Math.round(performance.now() - told), (error as Error).message);
          return;
        }
        if (first) { started += 1; if (started === clients) allStarted(); }
      }
    }
    const running = Promise.all(Array.from({ length: clients }, client));
    await ready;
    told = performance.now();
    const code = await server2.stop('SIGTERM');
    const took = performance.now() - told;
    await running;
    t.log(counts, took, server.output());
    t.is(code, 0);
  });
