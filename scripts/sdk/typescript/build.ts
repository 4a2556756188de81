import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { make, newest, root, within } from '../../make.ts';

const source = 'scripts/sdk/typescript';
const run = promisify(execFile);

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Contract {
  readonly info: { readonly version: string; readonly summary: string };
}

/** Gives the path of the tarball, which is made anew if anything has changed. */
export async function buildTypescriptClient(): Promise<string> {
  const { info } = await readJson<Contract>('dist/openapi.json');
  const tarball = `dist/sdk/typescript/tripod-client-${info.version}.tgz`;
  const inputs = [...(await within(source)), 'scripts/make.ts', 'package.json', 'package-lock.json'];
  await make(tarball, await newest(inputs), async (path) => {
    const folder = join(dirname(path), 'package');
    await mkdir(folder);
    await fill(folder, info);
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', dirname(path)], { cwd: folder });
  });
  return join(root, tarball);
}

async function fill(folder: string, { version, summary }: Contract['info']): Promise<void> {
  const { license, devDependencies } = await readJson<Manifest>('package.json');
  const manifest = {
    name: 'tripod-client',
    version,
    private: true,
    description: `Client for the Tripod API: ${summary}`,
    license,
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    types: './dist/index.d.ts',
    files: ['dist'],
    dependencies: { 'openapi-fetch': devDependencies['openapi-fetch'] },
    // So that it installs without a registry.
    bundleDependencies: ['openapi-fetch'],
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await cp(join(root, source, 'README.md'), join(folder, 'README.md'));
  for (const name of ['openapi-fetch', 'openapi-typescript-helpers'])
    await cp(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  // It takes a while to load, which is needed only if something has changed.
  const { compile } = await import('./compile.ts');
  compile(join(root, source, 'tsconfig.json'), join(folder, 'dist'));
}

async function readJson<Content>(path: string): Promise<Content> {
  return JSON.parse(await readFile(join(root, path), 'utf8')) as Content;
}
