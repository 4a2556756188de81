import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import type { Answer, RawRequest } from './helpers/client.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

const unknownId = '01981f60-0000-7000-8000-000000000000';

function summary({ status, body }: Answer<unknown>) {
  return { status, code: (body as Schema<'Problem'>).code };
}

/** Valid JSON of this many bytes. */
function bodyOf(bytes: number): string {
  return `{"name": 1${' '.repeat(bytes - 11)}}`;
}

/** Requests with something wrong that only who may call the operation is told. */
const allWrong: readonly [words: string, request: RawRequest][] = [
  ['malformed', { method: 'POST', path: '/api/organizations', body: '{' }],
  ['invalid', { method: 'POST', path: '/api/organizations?x=1', body: '{"name": 1}' }],
  ['too large', { method: 'POST', path: '/api/organizations', body: bodyOf(102_401) }],
  [
    'of another type',
    { method: 'POST', path: '/api/organizations', headers: { 'Content-Type': 'text/plain' }, body: 'x' },
  ],
  [
    'of an unknown encoding',
    { method: 'POST', path: '/api/organizations', headers: { 'Content-Encoding': 'x' }, body: 'x' },
  ],
  ['malformed, where the role looks into it', { method: 'POST', path: '/api/roles/assign', body: '{"app' }],
  [
    'of another type, where the role looks into it',
    {
      method: 'POST',
      path: '/api/roles/assign',
      headers: { 'Content-Type': 'text/plain' },
      body: '{"app_key": "avita"}',
    },
  ],
  [
    'too large, where the role looks into it',
    { method: 'POST', path: '/api/roles/assign', body: bodyOf(200_000) },
  ],
  [
    'invalid, where the role looks into it',
    { method: 'POST', path: '/api/roles/revoke', body: '{"app_key": 1}' },
  ],
  ['for something unknown', { method: 'GET', path: `/api/projects/${unknownId}` }],
  ['for something with a malformed id', { method: 'GET', path: '/api/projects/no-id' }],
  [
    'malformed and for something unknown',
    { method: 'POST', path: `/api/projects/${unknownId}/phases`, body: '{' },
  ],
];

for (const [words, request] of allWrong) {
  test(`a request ${words} answers 401 without a token`, async (t) => {
    t.deepEqual(summary(await service.send(request)), { status: 401, code: 'UNAUTHORIZED' });
  });

  test(`a request ${words} answers 403 without the role`, async (t) => {
    t.deepEqual(summary(await service.send({ ...request, as: person })), { status: 403, code: 'FORBIDDEN' });
  });

  test(`a request ${words} tells an admin what is wrong`, async (t) => {
    const { status } = await service.send({ ...request, as: admin });
    t.true([400, 404, 413, 415].includes(status));
  });
}

test('the admin of an app learns what is wrong with the rest of a body that names the app', async (t) => {
  const appAdmin = await holderOf(service, 'avita', 'admin');
  const request = { method: 'POST', path: '/api/roles/assign', as: appAdmin };
  const answer = await service.send({ ...request, body: '{"app_key": "avita", "role_key": 1}' });
  const { errors = [] } = answer.body as Schema<'Problem'>;
  t.is(answer.status, 400);
  t.deepEqual(
    errors.map(({ path }) => path),
    ['target_user_id', 'role_key'],
  );
});

test('what is malformed comes before what does not exist', async (t) => {
  const path = `/api/phases/${unknownId}`;
  const asAdmin = { method: 'PATCH', path, as: admin };
  t.deepEqual(summary(await service.send({ ...asAdmin, body: '{' })), {
    status: 400,
    code: 'MALFORMED_JSON',
  });
  t.deepEqual(summary(await service.send({ ...asAdmin, body: '{}' })), {
    status: 400,
    code: 'VALIDATION_ERROR',
  });
  t.is((await service.send({ ...asAdmin, body: '{"name": "x"}' })).status, 404);
});
