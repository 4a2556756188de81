import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import ts from 'typescript';

const root = new URL('../', import.meta.url);
const sample = fileURLToPath(new URL('test/types/handlers.ts', root));

test('a handler that leaves the contract does not compile', (t) => {
  const { config } = ts.readConfigFile(fileURLToPath(new URL('tsconfig.json', root)), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, fileURLToPath(root));
  // What declares types for others is imported by nobody.
  const declaring = ['src/http/express.ts', 'src/core/database/knex-postgres.d.ts'];
  const files = declaring.map((path) => fileURLToPath(new URL(path, root)));
  const program = ts.createProgram([sample, ...files], { ...options, noUnusedLocals: false });
  const refused = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, start = 0 }) =>
      file?.fileName === sample ? file.getLineAndCharacterOfPosition(start).line + 1 : file?.fileName,
    );
  const expected = readFileSync(sample, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// refused') ? [index + 1] : []));
  t.deepEqual([...new Set(refused)], expected);
});
