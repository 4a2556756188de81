import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import { resolved, type Operation, type Parameter, type Schema } from './contract.ts';
import { nasty, nastyJson, someValue, wildValue, type Known } from './odd-values.ts';
import type { OddRequest } from './raw-http.ts';

type Input = Omit<OddRequest, 'as'>;

/** Percent-encodes any text, half surrogate pairs too. */
function encoded(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80';
}

const rawPart = fc.constantFrom(
  '%',
  '%zz',
  '%ff',
  '%c3%28',
  '%00',
  '%u0041',
  "'",
  '"<>',
  'é',
  'a;b',
  '+',
  '%2f',
  '.',
);

function inAddress({ schema, name }: Parameter, known: Known): Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: someValue(schema, name, known).map(encoded) },
    { weight: 1, arbitrary: rawPart },
  );
}

function oddPath({ path, parameters }: Operation, known: Known): Arbitrary<string> {
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const values = Object.fromEntries(inPath.map((each) => [each.name, inAddress(each, known)]));
  return fc
    .record(values)
    .map((given) =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (given as Record<string, string>)[name] ?? ''),
    );
}

function oddQuery({ parameters }: Operation, known: Known): Arbitrary<string> {
  const inQuery = parameters.filter((parameter) => parameter.in === 'query');
  const own = inQuery.map((parameter) => {
    const once = inAddress(parameter, known).map((value) => `${parameter.name}=${value}`);
    return fc.oneof(
      { weight: 12, arbitrary: once },
      { weight: 2, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.tuple(once, once).map((pairs) => pairs.join('&')) },
      { weight: 1, arbitrary: once.map((pair) => pair.replace('=', '[]=')) },
      { weight: 1, arbitrary: once.map((pair) => pair.replace('=', '[x]=')) },
    );
  });
  const unknown = fc.oneof(
    fc.tuple(fc.constantFrom(...nasty), wildValue).map((pair) => pair.map(encoded).join('=')),
    fc.constantFrom(
      '=',
      '&',
      '&&',
      '?',
      '??=?',
      '%=%',
      '__proto__=1',
      '__proto__[x]=1',
      'a[b][c]=1',
      'limit=1',
    ),
  );
  return fc.tuple(fc.tuple(...own), fc.option(unknown, { freq: 6 })).map(([pairs, more]) => {
    const all = [...pairs, ...(more === null ? [] : [more])].filter((pair) => pair !== '');
    return all.length === 0 ? '' : `?${all.join('&')}`;
  });
}

/** JSON text of an object whose fields are the operation's, or nearly so. */
function oddObject(schema: Schema, known: Known): Arbitrary<string> {
  const required = new Set(schema.required);
  const members = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    const json = fc.oneof(
      {
        weight: 12,
        arbitrary: someValue(resolved(property), name, known).map((value) => JSON.stringify(value)),
      },
      { weight: 1, arbitrary: fc.constantFrom(...nastyJson) },
    );
    const member = json.map((value) => `${JSON.stringify(name)}:${value}`);
    return fc.option(member, { freq: required.has(name) ? 20 : 2 });
  });
  const unknown = fc
    .tuple(fc.constantFrom(...nasty, 'id', 'is_platform_admin', 'role'), fc.constantFrom(...nastyJson))
    .map(([name, value]) => `${JSON.stringify(name)}:${value}`);
  return fc
    .tuple(fc.tuple(...members), fc.option(unknown, { freq: 6 }), fc.boolean())
    .map(([own, more, again]) => {
      const all = [...own, more].filter((member) => member !== null);
      return `{${[...all, ...(again ? all.slice(0, 1) : [])].join(',')}}`;
    });
}

type Body = Pick<Input, 'body' | 'headers' | 'chunked'>;

const json = { 'content-type': 'application/json' };

function oddBody(schema: Schema, known: Known): Arbitrary<Body> {
  const object = oddObject(resolved(schema), known);
  const as = (arbitrary: Arbitrary<string | Uint8Array | undefined>) =>
    arbitrary.map((body): Body => ({ body, headers: json }));
  return fc.oneof(
    { weight: 20, arbitrary: as(object) },
    { weight: 1, arbitrary: as(object.map((text) => text.slice(0, -1))) },
    { weight: 1, arbitrary: as(object.map((text) => `[${text}]`)) },
    { weight: 1, arbitrary: as(object.map((text) => Buffer.from(text, 'utf16le'))) },
    { weight: 1, arbitrary: as(object.map((text) => Buffer.from(`${text}ü`, 'latin1'))) },
    { weight: 1, arbitrary: as(fc.constantFrom(undefined, '', ...nastyJson)) },
    { weight: 1, arbitrary: as(fc.uint8Array({ maxLength: 50 })) },
    { weight: 1, arbitrary: object.map((body): Body => ({ body, headers: json, chunked: true })) },
    { weight: 1, arbitrary: object.map((body): Body => ({ body })) },
    { weight: 1, arbitrary: fc.nat({ max: 100 }).chain((cut) => object.map((text) => zipped(text, cut))) },
  );
}

/** Most of them whole. */
function zipped(text: string, cut: number): Body {
  const bytes = gzipSync(text);
  return {
    body: bytes.subarray(0, bytes.length - Math.max(0, cut - 60)),
    headers: { ...json, 'content-encoding': 'gzip' },
  };
}

const latin1 = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) })
  .map((text) => text.replaceAll('\x7f', ''));

const oddHeaders: Arbitrary<Record<string, string>> = fc
  .array(
    fc.oneof(
      header('content-type', [
        'text/plain',
        'Application/JSON ; charset=UTF-16',
        'application/json;;=',
        ';',
        '*/*',
      ]),
      header('content-encoding', ['gzip', 'br', 'deflate', 'identity', 'zstd', 'gzip, gzip']),
      header('accept', ['text/html', 'application/xml;q=0', ';;;']),
      header('accept-encoding', ['gzip', 'br', 'deflate', '*', 'identity;q=0', 'gzip;q=x']),
      header('accept-language', ['da', '*;q=']),
      header('if-none-match', ['*', '"x"', 'W/"']),
      header('if-modified-since', ['Mon, 23 Nov 2026 00:00:00 GMT']),
      header('range', ['bytes=0-1', 'bytes=5-', 'bytes=-']),
      header('origin', ['http://localhost:5173', 'null', 'https://evil.example']),
      header('host', ['evil.example', '[::1', 'a b', '']),
      header('cookie', ['a=b', '%%%', '__proto__=1']),
      header('user-agent', ['', 'x'.repeat(2_000)]),
      header('x-forwarded-for', ['1.2.3.4', ',,', 'unknown']),
      header('x-http-method-override', ['DELETE']),
      header('x-request-id', ['mine', '{}']),
      header('device-id', ['short', 'a-device-that-is-long-enough']),
      header('traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-']),
      header('authorization', ['Bearer', 'Bearer x.y.z', 'Basic YTpi', 'bearer  ', 'Bearer null']),
    ),
    { maxLength: 3 },
  )
  .map((headers) => Object.fromEntries(headers));

function header(name: string, values: readonly string[]): Arbitrary<[string, string]> {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...values) },
    { weight: 1, arbitrary: latin1 },
  );
  return value.map((text) => [name, text.trim()]);
}

/** Requests for an operation: mostly valid in each part, sometimes nearly, sometimes not at all. */
export function oddRequest(operation: Operation, known: Known): Arbitrary<Input> {
  const body: Arbitrary<Body> = operation.bodySchema
    ? oddBody(operation.bodySchema, known)
    : fc.oneof(
        { weight: 9, arbitrary: fc.constant({}) },
        { weight: 1, arbitrary: fc.constant({ body: '{"x":', headers: json }) },
      );
  const headers = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders });
  return fc
    .tuple(oddPath(operation, known), oddQuery(operation, known), body, headers)
    .map(([path, query, given, more]) => ({
      ...given,
      method: operation.method,
      // Other letters are no HTTP, and what is longer than 16 KiB never arrives.
      path: (path + query).replaceAll(/[^\x21-\x7e]/g, encoded).slice(0, 9_000),
      headers: { ...given.headers, ...more },
    }));
}
