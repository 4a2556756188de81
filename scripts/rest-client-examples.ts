import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A script that keeps values of the answer for later requests. */
const handler = /\n> \{%\n(?<statements>[^]*?)%\}\n/;
const statement = /^client\.global\.set\("(?<variable>\w+)", response\.body(?<path>[\w.[\]]+)\);$/;

/** REST Client runs no scripts; there a later request names the request whose answer it wants instead. */
export function forRestClient(example: string): string {
  const references = new Map<string, string>();
  const requests = example.split(/^(?=###)/m).map((request) => {
    const statements = handler.exec(request)?.groups?.['statements']?.trimEnd().split('\n') ?? [];
    const name = /^# @name (\w+)$/m.exec(request)?.[1];
    const withReferences = request
      .replace(handler, '')
      .replaceAll(/\{\{(\w+)\}\}/g, (whole, variable: string) => references.get(variable) ?? whole);
    for (const line of statements) {
      const { variable, path } = statement.exec(line)?.groups ?? {};
      if (name === undefined || variable === undefined || path === undefined)
        throw new Error(`REST Client has nothing like ${line} after ${name ?? 'a request without @name'}`);
      references.set(variable, `{{${name}.response.body.$${path}}}`);
    }
    return withReferences;
  });
  return requests.join('').replace('README.md beside them', '../README.md');
}

if (process.argv[1] === import.meta.filename) {
  await mkdir(join(root, 'http/rest-client'), { recursive: true });
  for (const name of (await readdir(join(root, 'http'))).filter((each) => each.endsWith('.http'))) {
    const example = await readFile(join(root, 'http', name), 'utf8');
    await writeFile(join(root, 'http/rest-client', name), forRestClient(example));
  }
}
