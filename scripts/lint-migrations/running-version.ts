import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What main holds: its migrations are released, and its code runs while new ones are applied. */
export interface RunningVersion {
  /** Their file names. */
  readonly migrations: readonly string[];
  /** Those of them that are another file here, or none. */
  readonly changed: readonly string[];
  /** Files of its code that name all of these words. */
  readonly filesNaming: (...words: string[]) => Promise<string[]>;
}

/** Git cannot tell what is new here. */
export class NoRunningVersion extends Error {}

/**
 * As of the commit that this checkout is built on.
 * @throws {NoRunningVersion}
 */
export async function findRunningVersion(
  root: string,
  pullRequestBase: string | undefined,
): Promise<RunningVersion> {
  const git = async (...options: string[]) => {
    const { stdout } = await run('git', options, { cwd: root });
    return stdout.split('\n').filter(Boolean);
  };
  const commit = await findCommit(git, pullRequestBase);
  const files = await git('ls-tree', '--name-only', `${commit}:migrations`);
  const changed = await git(
    'diff',
    '--name-only',
    '--no-renames',
    '--diff-filter=MD',
    '--relative=migrations',
    commit,
  );
  const isMigration = (name: string) => name.endsWith('.js') && !name.includes('/');
  return {
    migrations: files.filter(isMigration),
    changed: changed.filter(isMigration),
    filesNaming: async (...words) => {
      const lists = words.map(async (word) => {
        const found = await git('grep', '-lwF', '-e', word, commit, '--', 'src').catch((error: unknown) => {
          if ((error as { code?: unknown }).code === 1) return [];
          throw error;
        });
        return found.map((file) => file.slice(commit.length + 1));
      });
      const [first = [], ...others] = await Promise.all(lists);
      return first.filter((file) => others.every((list) => list.includes(file)));
    },
  };
}

async function findCommit(
  git: (...options: string[]) => Promise<string[]>,
  pullRequestBase: string | undefined,
): Promise<string> {
  // GitHub checks out the merge of a pull request with its base, which is the first parent.
  const names = pullRequestBase ? ['HEAD^1'] : ['origin/main', 'main'];
  for (const name of names) {
    try {
      const [commit] = await git('merge-base', 'HEAD', name);
      if (commit !== undefined) return commit;
    } catch {
      // There is no such branch here, or no Git.
    }
  }
  throw new NoRunningVersion(
    `Git knows no ${names.join(' or ')} here, so new migrations were not told from released ones.`,
  );
}
