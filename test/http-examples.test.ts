import { readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import test from 'ava';
import { forRestClient } from '../scripts/rest-client-examples.ts';
import { operationAt, operations } from './helpers/contract.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { exampleFiles, examplesDirectory, parseExamples, runExamples } from './helpers/http-examples.ts';
import { startServerProcess } from './helpers/server-process.ts';

const restClientDirectory = join(examplesDirectory, 'rest-client');
const [admin_email, admin_password] = ['first-admin@example.org', 'a password only for this run'];

const database = await createTestDatabase();
const server = await startServerProcess({
  DATABASE_URL: database.url,
  JWT_SECRET_KEY: 'a secret that only the tests know, long enough',
  BOOTSTRAP_ADMIN_EMAIL: admin_email,
  BOOTSTRAP_ADMIN_PASSWORD: admin_password,
});
test.after.always(async () => {
  await server.stop();
  await database.drop();
});

// One after another, on one server: what the first has made must not be in the way of the next.
for (const file of [...exampleFiles(examplesDirectory), ...exampleFiles(restClientDirectory)]) {
  test.serial(`${relative(examplesDirectory, file)} gets what it expects`, async (t) => {
    const expected = parseExamples(readFileSync(file, 'utf8'));
    const exchanges = await runExamples(file, { base_url: server.url, admin_email, admin_password });
    t.deepEqual(
      exchanges.map(({ title }) => title),
      expected.map(({ title }) => title),
    );
    for (const [index, { title, statuses }] of expected.entries()) {
      const { status, detail } = exchanges[index] ?? {};
      t.true(
        status !== undefined && statuses.includes(status),
        `${title}: ${status ?? 'not sent'}\n${detail ?? ''}`,
      );
    }
  });
}

test('every operation is in an example', (t) => {
  const shown = exampleFiles(examplesDirectory)
    .flatMap((file) => parseExamples(readFileSync(file, 'utf8')))
    .map(({ method, path }) => operationAt(method, path)?.id);
  t.deepEqual(
    [...operations.keys()].filter((id) => !shown.includes(id)),
    [],
  );
});

test('the examples for REST Client are the same; `npx tsx scripts/rest-client-examples.ts` writes them', (t) => {
  const read = (file: string) => [basename(file), readFileSync(file, 'utf8')] as const;
  t.deepEqual(
    exampleFiles(restClientDirectory).map(read),
    exampleFiles(examplesDirectory).map((file) => [basename(file), forRestClient(read(file)[1])] as const),
  );
});

test('the examples for REST Client keep to what it understands', (t) => {
  for (const file of exampleFiles(restClientDirectory)) {
    const text = readFileSync(file, 'utf8');
    const declared = [...text.matchAll(/^@(\w+) = /gm)].map(([, variable]) => variable);
    const unknown = [...text.matchAll(/\{\{(.+?)\}\}/g)]
      .map(([, variable = '']) => variable)
      .filter((variable) => !/^(?:\$timestamp|\w+\.response\.body\.\$\S+)$/.test(variable))
      .filter((variable) => !declared.includes(variable));
    t.deepEqual(unknown, [], file);
    t.notRegex(text, /^[<>]|%\}|^\?\?/m, file);
  }
});
