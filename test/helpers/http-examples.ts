import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const examplesDirectory = fileURLToPath(new URL('../../http', import.meta.url));
const httpyac = fileURLToPath(new URL('../../node_modules/httpyac/bin/httpyac.js', import.meta.url));
const restClientReferences = fileURLToPath(new URL('../fixtures/httpyac/rest-client.cjs', import.meta.url));

export interface Example {
  readonly title: string;
  readonly statuses: readonly number[];
  readonly method: string;
  /** With the query, and with variables as they are written. */
  readonly path: string;
}

export interface Exchange {
  readonly title: string;
  /** Undefined when the request could not be sent. */
  readonly status: number | undefined;
  readonly detail: string;
}

export function exampleFiles(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.http'))
    .map((name) => join(directory, name));
}

/** @throws {Error} when a request does not say which status it expects */
export function parseExamples(text: string): Example[] {
  return text
    .split(/^### /m)
    .slice(1)
    .map((request) => {
      const [title = ''] = request.split('\n', 1);
      const expected = /^# Expect: (\d{3})(?:, or (\d{3}) when .+)?$/m.exec(request);
      const line = /^([A-Z]+) \{\{base_url\}\}(\S+)$/m.exec(request);
      if (!expected || !line) throw new Error(`"${title}" needs an expected status and a request line`);
      const statuses = expected.slice(1).flatMap((status) => (status ? [Number(status)] : []));
      return { title, statuses, method: line[1] ?? '', path: line[2] ?? '' };
    });
}

interface Report {
  readonly requests: readonly {
    readonly title?: string;
    readonly response?: { readonly statusCode: number; readonly body?: string };
    readonly testResults?: readonly { readonly message: string }[];
  }[];
}

/** Runs a file from top to bottom, with other values for the variables at its top. */
export async function runExamples(
  file: string,
  variables: Readonly<Record<string, string>>,
): Promise<Exchange[]> {
  const directory = await mkdtemp(join(tmpdir(), 'tripod-http-'));
  try {
    const text = (await readFile(file, 'utf8')).replaceAll(/^@(\w+) = .*$/gm, (line, name: string) =>
      variables[name] === undefined ? line : `@${name} = ${variables[name]}`,
    );
    await writeFile(join(directory, 'examples.http'), text);
    await cp(restClientReferences, join(directory, '.httpyac.cjs'));
    await send(directory);
    const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as Report;
    return report.requests.map(({ title = '', response, testResults = [] }) => ({
      title,
      status: response?.statusCode,
      detail: response?.body?.slice(0, 500) ?? testResults.map(({ message }) => message).join(),
    }));
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Into a file: httpyac ends without waiting for a pipe to take all of a long report. */
async function send(directory: string): Promise<void> {
  const report = await open(join(directory, 'report.json'), 'w');
  const child = spawn(process.execPath, [httpyac, 'send', 'examples.http', '--all', '--json'], {
    cwd: directory,
    stdio: ['ignore', report.fd, 'inherit'],
  });
  await once(child, 'close');
  await report.close();
}
