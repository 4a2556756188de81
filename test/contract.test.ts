import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { operations } from './helpers/contract.ts';
import { fromRunner } from './helpers/databases.ts';

// `npm test` runs this file after all others.
test('every operation was met with every status that it declares', async (t) => {
  const directory = fromRunner('TEST_COVERAGE_DIR');
  const notes = await Promise.all(
    (await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')),
  );
  const met = new Set(notes.flatMap((note) => note.split('\n')));
  const declared = [...operations.values()].flatMap(({ id, responses }) =>
    Object.keys(responses).map((status) => `${id} ${status}`),
  );
  t.deepEqual(
    declared.filter((line) => !met.has(line)),
    [],
  );
});
