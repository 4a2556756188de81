import { parseArgs } from 'node:util';

/** How much there is to be. */
export interface Size {
  readonly users: number;
  readonly projects: number;
  /** Roles in apps, and access to projects: of users, and of organizations. */
  readonly grants: number;
}

export interface DataOptions extends Size {
  /** The same seed makes the same data. */
  readonly seed: number;
  readonly databaseUrl: string | undefined;
  /** What else was named. */
  readonly names: readonly string[];
}

const least: Size = { users: 100, projects: 10, grants: 0 };

/** @throws {Error} that says what is wanted instead */
export function readDataOptions(args: readonly string[]): DataOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      users: { type: 'string', default: '1000000' },
      projects: { type: 'string' },
      grants: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'database-url': { type: 'string' },
    },
  });
  const users = whole('users', values.users, least.users);
  return {
    users,
    projects: whole(
      'projects',
      values.projects ?? String(Math.max(least.projects, users / 10)),
      least.projects,
    ),
    grants: whole('grants', values.grants ?? String(users * 5), least.grants, users * 20),
    seed: whole('seed', values.seed, 0),
    databaseUrl: values['database-url'],
    names: positionals,
  };
}

function whole(name: string, text: string, least: number, most = 100_000_000): number {
  const number = Math.floor(Number(text));
  if (!(number >= least && number <= most))
    throw new Error(`--${name} must be a number from ${least} to ${most}, not "${text}".`);
  return number;
}
