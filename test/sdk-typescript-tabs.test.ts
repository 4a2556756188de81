import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Page } from 'playwright-core';
import type * as TripodPackage from '../scripts/sdk/typescript/src/index.ts';
import { browserTests } from './helpers/browser.ts';
import { installClient } from './helpers/packed-client.ts';
import { password } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const { folder, remove } = await installClient();
const site = await startSite();
const service = await startService({ corsOrigins: [site.origin] });
const { inBrowser } = browserTests(site.origin);
test.after.always(async () => {
  await service.stop();
  site.stop();
  await remove();
});

/** What the page of the site holds for the tests, which run there. */
interface Tab {
  readonly tripod: TripodPackage.TripodClient;
  readonly told: string[];
}

const html = () => `<!doctype html>
<html lang="en">
  <link rel="icon" href="data:," />
  <script type="importmap">
    {
      "imports": {
        "tripod-client": "/node_modules/tripod-client/dist/index.js",
        "openapi-fetch": "/node_modules/tripod-client/node_modules/openapi-fetch/dist/index.mjs"
      }
    }
  </script>
  <script type="module">
    import { createTripodClient, localStorageTokens } from 'tripod-client';
    window.told = [];
    window.tripod = createTripodClient({
      baseUrl: '${service.url}',
      storage: localStorageTokens(),
      onSignedIn: () => told.push('in'),
      onSignedOut: () => told.push('out'),
    });
  </script>
</html>`;

/** A site of one page, with the client that it installed. */
async function startSite(): Promise<{ origin: string; stop: () => void }> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    if (path === '/') return response.writeHead(200, { 'Content-Type': 'text/html' }).end(html());
    response.writeHead(200, { 'Content-Type': 'text/javascript' });
    return response.end(readFileSync(join(folder, path)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { origin: `http://localhost:${port}`, stop: () => server.close() };
}

/** Tabs of one site, and what they ask when refreshing. */
async function openTabs(page: Page, count: number, { withLocks = true } = {}) {
  const context = page.context();
  if (!withLocks)
    await context.addInitScript(`Object.defineProperty(navigator, 'locks', { value: undefined })`);
  const refreshes: string[] = [];
  context.on('requestfinished', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/refresh')) refreshes.push(request.url());
  });
  const others = await Promise.all(Array.from({ length: count - 1 }, () => context.newPage()));
  const tabs = [page, ...others];
  for (const tab of tabs) {
    await tab.goto('/');
    await tab.waitForFunction(() => 'tripod' in globalThis);
  }
  return { tabs, refreshes };
}

function signUp(tab: Page): Promise<void> {
  const account = { email: `${randomUUID()}@example.org`, password };
  return tab.evaluate(async (body) => {
    const { response } = await (globalThis as unknown as Tab).tripod.signUp(body);
    if (!response.ok) throw new Error(`signing up was answered ${response.status}`);
  }, account);
}

/** Lets all tabs believe that the access token has expired, and time pass for the service. */
async function expire(tabs: readonly Page[]): Promise<void> {
  service.passMinutes(31);
  await tabs[0]?.evaluate(() => {
    const { localStorage } = globalThis as unknown as { localStorage: Record<string, string> };
    for (const [key, text] of Object.entries(localStorage))
      if (text.startsWith('{')) localStorage[key] = text.replaceAll(/"(\w+_at)":\d+/g, '"$1":0');
  });
  // A tab may see what another has kept a moment late, and would send a token that only the service knows to be over.
  for (const tab of tabs)
    await tab.waitForFunction(() => {
      const { localStorage } = globalThis as unknown as { localStorage: Record<string, string> };
      const kept = Object.values(localStorage).filter((text) => text.startsWith('{'));
      return kept.every((text) => !/"\w+_at":[1-9]/.test(text));
    });
}

/** The status of a request that each tab sends, all at once; 0 stands for no answer in time. */
function askMe(tabs: readonly Page[]): Promise<number[]> {
  return Promise.all(
    tabs.map((tab) =>
      tab.evaluate(async () => {
        const { tripod } = globalThis as unknown as Tab;
        const status = tripod.GET('/api/auth/me').then(({ response }) => response.status);
        return Promise.race([status, new Promise<0>((resolve) => setTimeout(resolve, 30_000, 0))]);
      }),
    ),
  );
}

async function everyTabIsTold(tabs: readonly Page[], what: 'in' | 'out'): Promise<void> {
  for (const tab of tabs)
    await tab.waitForFunction((last) => (globalThis as unknown as Tab).told.at(-1) === last, what);
}

async function stayTogether(t: ExecutionContext, tabs: readonly Page[]): Promise<void> {
  const [first] = tabs;
  if (!first) throw new Error('no tabs');
  await signUp(first);
  await everyTabIsTold(tabs, 'in');
  for (let round = 0; round < 3; round += 1) {
    await expire(tabs);
    t.deepEqual(new Set(await askMe(tabs)), new Set([200]));
  }
  await first.evaluate(() => (globalThis as unknown as Tab).tripod.logOut());
  await everyTabIsTold(tabs, 'out');
  const told = await Promise.all(tabs.map((tab) => tab.evaluate(() => (globalThis as unknown as Tab).told)));
  for (const each of told) t.deepEqual(each, ['in', 'out']);
}

inBrowser(
  'twelve tabs refresh once for all, and sign out together',
  { asks: service.url },
  async (t, page) => {
    const { tabs, refreshes } = await openTabs(page, 12);
    await stayTogether(t, tabs);
    // A tab may see what another has kept a moment late.
    t.true(refreshes.length >= 3 && refreshes.length <= 6, String(refreshes.length));
  },
);

inBrowser('twelve tabs without Web Locks stay signed in too', { asks: service.url }, async (t, page) => {
  const { tabs } = await openTabs(page, 12, { withLocks: false });
  await stayTogether(t, tabs);
});

inBrowser(
  'a tab that was put to sleep keeps no other waiting for long',
  { asks: service.url },
  async (t, page) => {
    const { tabs, refreshes } = await openTabs(page, 2);
    const [asleep = page, awake = page] = tabs;
    await signUp(asleep);
    await asleep.evaluate(
      `void navigator.locks.request('tripod-client ${service.url}', () => new Promise(() => undefined))`,
    );
    await expire([awake]);
    t.deepEqual(await askMe([awake]), [200]);
    t.is(refreshes.length, 1);
  },
);
