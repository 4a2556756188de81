import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { makeCollection, nameOf } from '../scripts/collection/make.ts';
import type { Field, Item } from '../scripts/collection/postman.ts';
import { createMock } from '../scripts/mock/app.ts';
import { createLogger } from '../src/core/logger.ts';
import { createMetrics } from '../src/core/metrics.ts';
import { listen } from '../src/http/listen.ts';
import { reach } from './conformance/deployment.ts';
import { shownAnswers, shownBodies } from './helpers/contract-examples.ts';
import { document, operations, type Operation } from './helpers/contract.ts';

const collection = await makeCollection('http://localhost:8000');
const items = collection.item.flatMap((folder) => folder.item ?? []);
const schema = readFileSync(new URL('fixtures/postman-collection.json', import.meta.url), 'utf8');

function itemOf({ method, path }: Operation): Item & Required<Pick<Item, 'request'>> {
  const item = items.find((each) => nameOf(each) === `${method} ${path}`);
  if (!item?.request) throw new Error(`the collection has no ${method} ${path}`);
  return { ...item, request: item.request };
}

/** A body as it is sent or shown; a text that is none of JSON is itself. */
function parsed(text: string | undefined): unknown {
  return text?.startsWith('{') || text?.startsWith('[') ? JSON.parse(text) : text;
}

/** What of it is sent unless one chooses otherwise. */
function enabled(fields: readonly Field[]): Record<string, string> {
  const sent = fields.filter(({ disabled }) => disabled !== true);
  return Object.fromEntries(sent.map(({ key, value }) => [key, value]));
}

test('it is of the form that Postman reads', (t) => {
  const ajv = new Ajv2020({ allErrors: true });
  t.true(ajv.validate(JSON.parse(schema) as object, collection), ajv.errorsText().slice(0, 1_000));
});

test('it has each operation once, in the folder of its tag', (t) => {
  const { tags, paths } = document as unknown as {
    tags: { name: string }[];
    paths: Record<string, Record<string, { tags: string[] }>>;
  };
  const tagged = tags.map(({ name }) => {
    const own = [...operations.values()].filter(({ path, method }) =>
      paths[path]?.[method.toLowerCase()]?.tags.includes(name),
    );
    return [name, own.map(({ method, path }) => `${method} ${path}`).sort()];
  });
  t.deepEqual(
    collection.item.map(({ name, item = [] }) => [name, item.map(nameOf).sort()]),
    tagged,
  );
});

test('bodies are those that the contract shows', (t) => {
  for (const operation of operations.values()) {
    const { request, response = [] } = itemOf(operation);
    const { id, responses } = operation;
    t.deepEqual(parsed(request.body?.raw), shownBodies(id)[0], id);
    t.deepEqual(
      [...new Set(response.map(({ code }) => String(code)))].sort(),
      Object.keys(responses).sort(),
      id,
    );
    for (const { code, body } of response) {
      const shown = shownAnswers(id, code).map(({ value }) => value);
      const isShown = shown.length === 0 || shown.some((one) => isDeepStrictEqual(one, parsed(body)));
      t.true(isShown, `${id} ${code}: ${body}`);
    }
  }
});

test('the token goes with what needs it, and is kept where one is given', (t) => {
  t.like(collection.auth, { type: 'bearer', bearer: [{ key: 'token', value: '{{bearerToken}}' }] });
  for (const operation of operations.values()) {
    const { request } = itemOf(operation);
    t.deepEqual(request.auth, operation.role === 'public' ? { type: 'noauth' } : null, operation.id);
  }
  t.deepEqual(
    items.filter(({ event = [] }) => event.length > 0).map(nameOf),
    ['signUp', 'logIn', 'refreshTokens'].map((id) => {
      const { method, path } = operations.get(id as 'logIn') ?? { method: '', path: '' };
      return `${method} ${path}`;
    }),
  );
});

test('each request goes well as it is', async (t) => {
  const settings = { corsOrigins: [], trustedProxies: 0 };
  const watching = { logger: createLogger('silent'), metrics: createMetrics() };
  const { server, port } = await listen(await createMock(settings), 0, watching);
  const { ask } = reach(`http://localhost:${port}`);
  for (const { request, name } of items) {
    if (!request) throw new Error(`${name} is no request`);
    const { method, url, header, body } = request;
    const given = new Map(url.variable.map(({ key, value }) => [key, value]));
    const path = url.path
      .map((step) => (step.startsWith(':') ? (given.get(step.slice(1)) ?? step) : step))
      .join('/');
    const { status, body: answer } = await ask({
      ...{ method, path: `/${path}?${new URLSearchParams(enabled(url.query)).toString()}` },
      headers: enabled(header),
      ...(request.auth === null ? { as: { access_token: 'any-token' } } : {}),
      body: parsed(body?.raw),
    });
    t.true(status < 300, `${method} /${path}: ${JSON.stringify(answer)}`);
  }
  server.closeAllConnections();
  server.close();
});
