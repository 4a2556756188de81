import test from 'ava';
import { createApp } from '../src/app.ts';
import { contract, type ContractDocument } from '../src/http/contract.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd, type OddRequest } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const unknownId = '01981f60-0000-7000-8000-000000000000';
const dates = { 'x-deprecated-since': '2027-01-01', 'x-sunset': '2027-07-01' };

/** The contract, with some of its operations deprecated. */
function ending(operations: Readonly<Record<string, object>>): ContractDocument {
  const document = structuredClone(contract);
  for (const item of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(item) as { operationId?: string }[]) {
      const extensions = operations[operation.operationId ?? ''];
      if (extensions) Object.assign(operation, { deprecated: true, ...extensions });
    }
  }
  return document;
}

const service = await startService({
  contract: ending({
    getHealth: dates,
    listPhases: dates,
    createPhase: { ...dates, 'x-successor': 'createProject' },
    getProject: { ...dates, 'x-successor': 'listProjectPhases' },
    getLanguage: { ...dates, 'x-successor': 'getOrganization' },
    listAccessRequests: dates,
  }),
});
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

function send(path: string, request: Partial<OddRequest> = {}) {
  return sendOdd(service.url, { method: 'GET', path, ...request });
}

const deprecation = `@${Date.UTC(2027, 0, 1) / 1000}`;
const sunset = 'Thu, 01 Jul 2027 00:00:00 GMT';

for (const [title, status, path, request] of [
  ['a success', 200, '/health', {}],
  ['HEAD', 200, '/health', { method: 'HEAD' }],
  ['a missing token', 401, '/api/phases', {}],
  ['a missing role', 403, '/api/access-requests', { as: person }],
  ['an invalid query', 400, '/api/phases?limit=0', { as: person }],
  ['a malformed id', 403, '/api/projects/no-id', { as: person }],
  ['something unknown', 404, `/api/languages/${unknownId}`, { as: person }],
] as const) {
  test(`a deprecated operation says until when it stays on ${title}`, async (t) => {
    const { status: answered, headers } = await send(path, request);
    t.is(answered, status);
    t.is(headers.get('Deprecation'), deprecation);
    t.is(headers.get('Sunset'), sunset);
    t.regex(headers.get('Link') ?? '', /<\/docs#tag\/[\w-]+\/operation\/\w+>; rel="deprecation"/);
  });
}

// No other adds a phase meanwhile.
test.serial('a deprecated operation says so with a 304 too', async (t) => {
  const { headers: first } = await send('/api/phases', { as: person });
  const headers = { 'if-none-match': first.get('ETag') ?? '' };
  const unchanged = await send('/api/phases', { as: person, headers });
  t.is(unchanged.status, 304);
  t.is(unchanged.headers.get('Sunset'), sunset);
});

test('the address of the next page stands beside that of the docs', async (t) => {
  for (const name of ['First draft', 'Second draft']) {
    await service.call('createPhase', 201, { as: admin, body: { name } });
  }
  const { headers } = await send('/api/phases?limit=1', { as: person });
  t.regex(
    headers.get('Link') ?? '',
    /^<\/docs#tag\/Phases\/operation\/listPhases>; rel="deprecation"; type="text\/html", <\/api\/phases\?limit=1&cursor=[\w-]+>; rel="next"$/,
  );
});

test('the docs are named by tag and operation', async (t) => {
  const { headers } = await send('/api/access-requests', { as: person });
  t.is(
    headers.get('Link'),
    '</docs#tag/Access-requests/operation/listAccessRequests>; rel="deprecation"; type="text/html"',
  );
});

test('what to use instead is named where the request says all that its path needs', async (t) => {
  const links = async (method: string, path: string) =>
    (await send(path, { method, as: person })).headers.get('Link')?.split(', ')[1];
  t.is(await links('POST', '/api/phases'), '</api/projects>; rel="successor-version"');
  t.is(
    await links('GET', `/api/projects/${unknownId}`),
    `</api/projects/${unknownId}/phases>; rel="successor-version"`,
  );
  t.is(await links('GET', `/api/languages/${unknownId}`), undefined);
  t.is(await links('GET', '/api/projects/%3E%3B%20rel=%22next%22'), undefined);
});

test('an operation that stays says nothing of the kind', async (t) => {
  for (const path of ['/health/ready', '/api/projects', '/nothing']) {
    const { headers } = await send(path, { as: person });
    for (const name of ['Deprecation', 'Sunset', 'Link']) t.is(headers.get(name), null);
  }
});

for (const [title, extensions, message] of [
  [
    'without a sunset',
    { 'x-deprecated-since': '2027-01-01' },
    /^\/health getHealth: `x-sunset` must be a day/,
  ],
  ['in favour of nothing known', { ...dates, 'x-successor': 'getWealth' }, /no operation getWealth to use/],
] as const) {
  test(`an operation that is deprecated ${title} stops the start`, async (t) => {
    const settings = { corsOrigins: [], trustedProxies: 0 };
    await t.throwsAsync(createApp(service.context, settings, ending({ getHealth: extensions })), { message });
  });
}
