import { spawn } from 'node:child_process';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** Where a program that uses a client is built. */
export interface Workshop {
  readonly folder: string;
  /** The client's folder or package. */
  readonly client: string;
  /** Runs a program there. @throws {Error} with all that it printed, unless it succeeds */
  readonly run: (program: string, ...rest: readonly string[]) => Promise<void>;
}

/** Compiled dependencies stay there from one time to the next. */
export async function openWorkshop(name: string, client: string, env: NodeJS.ProcessEnv): Promise<Workshop> {
  const folder = join(root, 'dist/sdk-smoke', name);
  const sources = join(import.meta.dirname, name);
  await mkdir(folder, { recursive: true });
  if (existsSync(sources)) await cp(sources, folder, { recursive: true });
  await rm(join(folder, 'client'), { force: true });
  await symlink(client, join(folder, 'client'));
  const run = (program: string, ...rest: readonly string[]) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(program, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          output += text;
        });
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`${program} ${rest.join(' ')}\n${output}`));
      });
    });
  return { folder, client, run };
}
