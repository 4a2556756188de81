import { randomUUID } from 'node:crypto';
import test from 'ava';
import { checkedFetch } from './helpers/client.ts';
import { keepTokens, type KeptTokens } from './helpers/kept-tokens.ts';
import { startLine } from './helpers/line.ts';
import { installClient } from './helpers/packed-client.ts';
import { logIn, password } from './helpers/people.ts';
import { startService, type TestService } from './helpers/service.ts';
import { until } from './helpers/until.ts';
import { createWork } from './helpers/work.ts';

const { tripod, remove } = await installClient();
// Time passes in each test alone.
const service = await startService();
const away = await startService({ databaseUrl: 'postgresql://127.0.0.1:9/none' });
const work = await createWork(service);
test.after.always(async () => {
  await service.stop();
  await away.stop();
  await remove();
});

interface Options {
  readonly storage?: KeptTokens;
  readonly baseUrl?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** A tab: a client that notes what it asks for and tells. */
function openTab({ storage = keepTokens(), baseUrl = service.url, fetch = checkedFetch }: Options = {}) {
  const asked: string[] = [];
  const told: string[] = [];
  const client = tripod.createTripodClient({
    baseUrl,
    storage,
    fetch: async (request) => {
      const path = new URL(request.url).pathname;
      const response = await fetch(request);
      asked.push(`${path} ${response.status}`);
      return response;
    },
    onSignedIn: () => told.push('in'),
    onSignedOut: () => told.push('out'),
  });
  const me = () => client.GET('/api/auth/me');
  const refreshes = () => asked.filter((each) => each.startsWith('/api/auth/refresh'));
  return { client, storage, asked, told, me, refreshes };
}

async function openSignedIn(options: Options = {}) {
  const tab = openTab(options);
  const email = `${randomUUID()}@example.org`;
  await tripod.dataOf(tab.client.signUp({ email, password }));
  tab.asked.length = 0;
  return { ...tab, email };
}

async function all<Result>(count: number, ask: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, ask));
}

async function reuses({ context }: TestService): Promise<unknown[]> {
  return context.database('audit_events').where({ action: 'session.token_reused' });
}

test.serial('fifty requests with an expired token get one new one, and all are answered', async (t) => {
  const { me, asked, refreshes, told } = await openSignedIn();
  service.passMinutes(31);
  for (const { response } of await all(50, me)) t.is(response.status, 200);
  t.is(asked.filter((each) => each === '/api/auth/me 401').length, 50);
  t.deepEqual(refreshes(), ['/api/auth/refresh 200']);
  t.deepEqual(told, ['in']);
});

test.serial('what was to be made or changed when the token had expired is so, once', async (t) => {
  const { client } = await openSignedIn();
  service.passMinutes(31);
  const body = { name: 'Coast', language_id: work.language.id };
  const project = await tripod.dataOf(client.POST('/api/projects', { body }));
  service.passMinutes(31);
  const change = { params: { path: { project_id: project.id } }, body: { name: 'Coasts' } };
  const changed = await tripod.dataOf(client.PATCH('/api/projects/{project_id}', change));
  t.is(changed.name, 'Coasts');
  t.deepEqual(await tripod.dataOf(client.GET('/api/projects')), [changed]);
});

test.serial('tabs that share their tokens look there again before they refresh', async (t) => {
  const first = await openSignedIn();
  const others = Array.from({ length: 5 }, () => openTab({ storage: first.storage }));
  const before = await reuses(service);
  for (let round = 0; round < 3; round += 1) {
    service.passMinutes(31);
    t.is((await first.me()).response.status, 200);
    service.passMinutes(1);
    for (const { me } of others) t.is((await me()).response.status, 200);
    for (const { refreshes } of others) t.deepEqual(refreshes(), []);
  }
  t.deepEqual(await reuses(service), before);
});

test.serial('tabs without a lock between them refresh at once, and all stay signed in', async (t) => {
  const first = await openSignedIn();
  const tabs = [first, ...Array.from({ length: 11 }, () => openTab({ storage: first.storage }))];
  for (let round = 0; round < 3; round += 1) {
    service.passMinutes(31);
    const answers = await Promise.all(tabs.map(({ me }) => me()));
    for (const { response } of answers) t.is(response.status, 200);
  }
  for (const { refreshes } of tabs) t.true(refreshes().every((each) => each === '/api/auth/refresh 200'));
});

test.serial('a session that has ended elsewhere is over once, for all requests and all tabs', async (t) => {
  const { me, client, storage, refreshes, told, email } = await openSignedIn();
  const other = openTab({ storage });
  t.is((await other.me()).response.status, 200);
  await service.call('logOutEverywhere', 204, { as: await logIn(service, { email }) });
  for (const { response, error } of await all(50, me)) {
    t.is(response.status, 401);
    t.is(error?.code, 'UNAUTHORIZED');
  }
  t.deepEqual(refreshes(), ['/api/auth/refresh 401']);
  t.false(await client.isSignedIn());
  t.deepEqual(told, ['in', 'out']);
  t.is((await other.me()).response.status, 401);
  t.deepEqual(other.refreshes(), []);
  t.deepEqual(other.told, ['out']);
});

test.serial('clocks that differ by hours do not matter', async (t) => {
  service.passMinutes(300);
  const { me, asked } = await openSignedIn();
  t.is((await me()).response.status, 200);
  t.deepEqual(asked, ['/api/auth/me 200']);
});

test('a token is exchanged before it expires, and nobody has to wait for it', async (t) => {
  const gate = createGate();
  const fetch = async (request: Request) => {
    if (request.url.endsWith('/refresh')) await gate.opened;
    return checkedFetch(request);
  };
  const { me, asked, storage } = await openSignedIn({ fetch });
  storage.grow('old');
  t.is((await me()).response.status, 200);
  t.deepEqual(asked, ['/api/auth/me 200']);
  gate.open();
  await until('the tokens are new', () => asked.includes('/api/auth/refresh 200'));
  await until('they are kept', () => storage.texts().every((text) => !text.includes('"refresh_at":0')));
  t.is((await me()).response.status, 200);
  t.is(asked.length, 3);
});

test('a token that has expired is exchanged first', async (t) => {
  const { me, asked, storage } = await openSignedIn();
  storage.grow('expired');
  for (const { response } of await all(20, me)) t.is(response.status, 200);
  t.is(asked[0], '/api/auth/refresh 200');
  t.is(asked.length, 21);
});

test('tokens are kept while the service is away, and a request says that it is', async (t) => {
  const line = await startLine(t, service.url);
  const tab = await openSignedIn({ baseUrl: line.url });
  tab.storage.grow('expired');
  line.leadTo(away.url);
  const answers = await all(3, tab.me);
  for (const { response, error } of answers) {
    t.is(response.status, 503);
    t.is(error?.code, 'UNAVAILABLE');
  }
  t.deepEqual(new Set(tab.asked), new Set(['/api/auth/refresh 503']));
  line.leadTo(service.url);
  t.is((await tab.me()).response.status, 200);
  t.deepEqual(tab.told, ['in']);
});

test('tokens are kept while there is no connection', async (t) => {
  const line = await startLine(t, service.url);
  const tab = await openSignedIn({ baseUrl: line.url });
  tab.storage.grow('expired');
  line.leadTo(undefined);
  await t.throwsAsync(tab.me, { instanceOf: TypeError });
  t.true(await tab.client.isSignedIn());
  line.leadTo(service.url);
  t.is((await tab.me()).response.status, 200);
  t.deepEqual(tab.told, ['in']);
});

test('tokens are kept when refreshing fails in any other way', async (t) => {
  for (const status of [400, 403, 429, 500]) {
    const refused = () => Promise.resolve(new Response('not now', { status }));
    const tab = await openSignedIn({
      fetch: (request) => (request.url.endsWith('/refresh') ? refused() : checkedFetch(request)),
    });
    tab.storage.grow('expired');
    t.is((await tab.me()).response.status, status);
    t.true(await tab.client.isSignedIn());
    t.deepEqual(tab.asked, [`/api/auth/refresh ${status}`]);
  }
});

test('new tokens that were lost on the way are asked for again', async (t) => {
  const line = await startLine(t, service.url);
  const tab = await openSignedIn({ baseUrl: line.url });
  tab.storage.grow('expired');
  line.loseAnswers(1, 'end');
  t.is((await tab.me()).response.status, 200);
  t.is(line.lost(), 1);
});

test('a refresh that gets no answer at all is given up and tried again', async (t) => {
  let silent = 1;
  const fetch = (request: Request) => {
    if (!request.url.endsWith('/refresh') || silent === 0) return checkedFetch(request);
    silent -= 1;
    return new Promise<Response>((_, reject) => {
      request.signal.addEventListener('abort', () => {
        reject(request.signal.reason as Error);
      });
    });
  };
  const tab = await openSignedIn({ fetch });
  tab.storage.grow('expired');
  t.is((await tab.me()).response.status, 200);
  t.deepEqual(tab.refreshes(), ['/api/auth/refresh 200']);
});

/** A tab whose refresh has been answered, but the answer has not arrived; and how it arrives. */
async function openWithSlowRefresh() {
  const [answered, gate] = [createGate(), createGate()];
  const fetch = async (request: Request) => {
    const response = await checkedFetch(request);
    if (!request.url.endsWith('/refresh')) return response;
    answered.open();
    await gate.opened;
    return response;
  };
  const tab = await openSignedIn({ fetch });
  tab.storage.grow('expired');
  const waiting = tab.me();
  await answered.opened;
  const arrive = async () => {
    gate.open();
    return (await waiting).response.status;
  };
  return { ...tab, arrive };
}

test('a refresh that ends after somebody has signed out brings nothing back', async (t) => {
  const { client, arrive, storage, told } = await openWithSlowRefresh();
  await client.logOut();
  t.is(await arrive(), 401);
  t.false(await client.isSignedIn());
  t.deepEqual(storage.texts(), []);
  t.deepEqual(told, ['in', 'out']);
});

test('a refresh that ends after somebody else has signed in does nothing to them', async (t) => {
  const { client, arrive, me, told } = await openWithSlowRefresh();
  const email = `${randomUUID()}@example.org`;
  await tripod.dataOf(client.signUp({ email, password }));
  t.is(await arrive(), 401);
  t.is((await me()).data?.email, email);
  t.deepEqual(told, ['in', 'in']);
});

test('a request of one person is never sent again as another', async (t) => {
  const [refused, gate] = [createGate(), createGate()];
  const tab = await openSignedIn({
    fetch: async (request) => {
      const response = await checkedFetch(request);
      if (response.status !== 401) return response;
      refused.open();
      await gate.opened;
      return response;
    },
  });
  await service.call('logOutEverywhere', 204, { as: await logIn(service, tab) });
  const body = { name: 'Coast', language_id: work.language.id };
  const making = tab.client.POST('/api/projects', { body });
  await refused.opened;
  await tripod.dataOf(tab.client.signUp({ email: `${randomUUID()}@example.org`, password }));
  gate.open();
  t.is((await making).response.status, 401);
  t.deepEqual(await tripod.dataOf(tab.client.GET('/api/projects')), []);
});

test('signing out drops the tokens at once, ends the session, and says so if the service was not told', async (t) => {
  const line = await startLine(t, service.url);
  const { client, storage, told, email } = await openSignedIn({ baseUrl: line.url });
  const text = storage.texts().find((each) => each.startsWith('{')) ?? '';
  const tokens = JSON.parse(text) as { access_token: string };
  await client.logOut();
  t.deepEqual(storage.texts(), []);
  await service.call('getMe', 401, { as: tokens });
  await client.logOut();
  t.deepEqual(told, ['in', 'out']);

  await tripod.dataOf(client.logIn({ email, password }));
  line.leadTo(undefined);
  await t.throwsAsync(client.logOut(), { instanceOf: TypeError });
  t.deepEqual(storage.texts(), []);
});

test('a wrong password changes nothing', async (t) => {
  const { client, me, told, email } = await openSignedIn();
  const { error } = await client.logIn({ email, password: 'not this one' });
  t.is(error?.detail, 'Invalid credentials');
  t.is((await me()).data?.email, email);
  t.deepEqual(told, ['in']);
});

/** Whoever waits for it goes on once it is opened. */
function createGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    opened,
    open: () => {
      open();
    },
  };
}
