import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildTypescriptClient } from '../../scripts/sdk/typescript/build.ts';
import type * as TripodPackage from '../../scripts/sdk/typescript/src/index.ts';

const run = promisify(execFile);

export interface Installed {
  /** A project of its own, of which the client is the only dependency. */
  readonly folder: string;
  readonly tripod: typeof TripodPackage;
  readonly remove: () => Promise<void>;
}

/** Installs the packed client as its users do, but without a network. */
export async function installClient(): Promise<Installed> {
  const tarball = await buildTypescriptClient();
  const folder = await mkdtemp(join(tmpdir(), 'tripod-client-user-'));
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', tarball], {
    cwd: folder,
  });
  const entry = join(folder, 'node_modules/tripod-client/dist/index.js');
  const tripod = (await import(pathToFileURL(entry).href)) as typeof TripodPackage;
  return { folder, tripod, remove: () => rm(folder, { recursive: true }) };
}
