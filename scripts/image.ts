import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..');
const documents = ['openapi.json', 'openapi.yaml', 'docs.html', 'roles.html'];

/** Puts together what the service needs at run time, and nothing else: the root of the image's `/app`. */
export async function assembleImage(target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const built = [...(await programs()), ...documents].map((name) => join('dist', name));
  for (const place of ['package.json', 'migrations', ...built, ...(await productionPackages())])
    // Packages within packages are listed by themselves.
    await cp(join(root, place), join(target, place), {
      recursive: true,
      filter: (from) => basename(from) !== 'node_modules',
    });
}

/** What the build makes of `src/`: other commands put theirs into `dist/` as well. */
async function programs(): Promise<string[]> {
  const sources = await readdir(join(root, 'src'), { recursive: true });
  return sources
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [name.replace(/ts$/, 'js'), name.replace(/ts$/, 'js.map')]);
}

/** As npm knows them to be installed, which takes no network. */
async function productionPackages(): Promise<string[]> {
  const { stdout } = await promisify(execFile)('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
    cwd: root,
  });
  const [, ...packages] = stdout.trim().split('\n');
  return packages.map((directory) => relative(root, directory));
}

if (process.argv[1] === import.meta.filename) await assembleImage(join(root, 'dist/image'));
