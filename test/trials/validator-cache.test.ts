import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import test from 'ava';
import jwt from 'jsonwebtoken';
import pLimit from 'p-limit';
import { createClient } from '../helpers/client.ts';
import { createTestDatabase } from '../helpers/databases.ts';
import { password } from '../helpers/people.ts';
import { startServerProcess } from '../helpers/server-process.ts';
import { trials } from '../helpers/trials.ts';

const secret = 'only for this test, but of a decent length';
const { url: DATABASE_URL, drop } = await createTestDatabase();
const server = await startServerProcess({ DATABASE_URL, JWT_SECRET_KEY: secret });
const { body: account } = await createClient(server.url).call('signUp', 201, {
  body: { email: `${randomUUID()}@example.org`, password },
});
const { access_token } = account.tokens;
test.after.always(async () => {
  await server.stop('SIGTERM');
  await drop();
});

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** As little work as can be: the service is what is looked at. */
function send({ method = 'GET', path, headers = {}, body }: Sent): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    request(server.url + path, { agent, method, headers: { ...headers, ...length } })
      .on('error', reject)
      .on('response', (response) => {
        response.resume().on('end', () => {
          resolve(response.statusCode ?? 0);
        });
      })
      .end(body);
  });
}

const mebibyte = 2 ** 20;
const count = trials({ short: 2_000, full: 100_000 });
const bearer = { authorization: `Bearer ${access_token}` };
const logOut = { method: 'POST', path: '/api/auth/logout', body: '{"refresh_token":"none"}' };

/** Like the access token, and as good, but never seen before. */
function anotherToken(): string {
  const { iss, aud, ...claims } = jwt.decode(access_token) as jwt.JwtPayload;
  const audience = typeof aud === 'string' ? aud : '';
  return jwt.sign({ ...claims, iss, aud: audience, jti: randomUUID() }, secret);
}

const attacks: Record<string, ((index: number) => Sent)[]> = {
  'different Content-Types': [
    (index) => ({ path: '/api/languages', headers: { ...bearer, 'content-type': `text/x${index}` } }),
    (index) => ({ path: '/health', headers: { 'content-type': `application/json; x=${index}` } }),
    (index) => ({ ...logOut, headers: { 'content-type': `application/json; charset=x${index}` } }),
    (index) => ({ ...logOut, headers: { 'content-type': `application/x${index}+json` } }),
    (index) => ({ ...logOut, headers: { 'content-type': `application/json;x="${index}";;` } }),
  ],
  'different names, paths, tokens and headers': [
    (index) => ({ path: `/api/languages?x${index}=1`, headers: bearer }),
    (index) => ({ path: `/x${index}/y${index}` }),
    (index) => ({ path: `/api/organizations/slug/x${index}`, headers: bearer }),
    (index) => ({ path: `/api/auth/my-roles?app_key=x${index}`, headers: bearer }),
    (index) => ({ path: '/api/auth/me', headers: { authorization: `Bearer x.${index}.y` } }),
    () => ({ path: '/api/auth/me', headers: { authorization: `Bearer ${anotherToken()}` } }),
    (index) => ({ path: '/openapi.json', headers: { 'accept-encoding': `x${index}, gzip;q=0.${index}` } }),
    (index) => ({
      path: '/health',
      headers: { origin: `https://x${index}.example`, 'x-request-id': `x${index}` },
    }),
    (index) => ({
      path: '/health',
      headers: { [`x-${index}`]: 'y', 'user-agent': `x${index}`, cookie: `x${index}=y` },
    }),
    (index) => ({ ...logOut, body: `{"x${index}":1}`, headers: { 'content-type': 'application/json' } }),
    (index) => ({ path: '/docs', headers: { 'if-none-match': `"x${index}", *` } }),
    (index) => ({
      method: 'POST',
      path: '/api/access-requests',
      body: '{"app_key":"avita"}',
      headers: { ...bearer, 'content-type': 'application/json', 'idempotency-key': `x${index}` },
    }),
  ],
};

for (const [what, kinds] of Object.entries(attacks)) {
  test.serial(`${count} requests with ${what} leave the memory as it was`, async (t) => {
    let sent = 0;
    const statuses = new Map<number, number>();
    const run = async (times: number) => {
      const lanes = pLimit(8);
      const one = async () => {
        const index = sent++;
        const kind = kinds[index % kinds.length];
        const status = kind ? await send(kind(index)) : 0;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      };
      for (let left = times; left > 0; left -= 1_000)
        await Promise.all(Array.from({ length: Math.min(left, 1_000) }, () => lanes(one)));
    };
    await run(trials({ short: 1_000, full: 10_000 }));
    const before = await server.memory();
    await run(count);
    const after = await server.memory();

    const grown = (part: 'rss' | 'heapUsed') => (after[part] - before[part]) / mebibyte;
    const shown = (usage: NodeJS.MemoryUsage) =>
      `heap ${(usage.heapUsed / mebibyte).toFixed(1)} MiB, all ${(usage.rss / mebibyte).toFixed(1)} MiB`;
    t.log(`before: ${shown(before)}; after ${count}: ${shown(after)}; ${JSON.stringify([...statuses])}`);
    t.true([...statuses.keys()].every((status) => status > 0 && status < 500));
    t.true(grown('heapUsed') < 5, `the heap has grown by ${grown('heapUsed')} MiB`);
    t.true(grown('rss') < 20, `the process has grown by ${grown('rss')} MiB`);
  });
}
