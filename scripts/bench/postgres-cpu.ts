import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

/** The CPU time that a cluster has taken so far, in microseconds; undefined where it cannot be told. */
export type PostgresCpu = () => number | undefined;

/** Looks at the processes of the cluster, if they are this machine's and it has /proc. */
export async function watchPostgres(databaseUrl: string): Promise<PostgresCpu> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const postmaster = statOf(rows[0]?.pid ?? 0)?.parent;
  await client.end();
  if (postmaster === undefined) return () => undefined;
  const microseconds = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

  return () => {
    // What those have taken that are gone is told by their parent.
    let ticks = statOf(postmaster)?.children ?? 0;
    for (const name of readdirSync('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const stat = statOf(Number(name));
      if (stat && (stat.parent === postmaster || Number(name) === postmaster)) ticks += stat.own;
    }
    return ticks * microseconds;
  };
}

function statOf(pid: number) {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // There is no /proc, or the process is gone.
    return undefined;
  }
  // proc_pid_stat(5): the name may hold anything; after it comes the third field.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const field = (number: number) => fields[number - 3] ?? 0;
  return { parent: field(4), own: field(14) + field(15), children: field(16) + field(17) };
}
