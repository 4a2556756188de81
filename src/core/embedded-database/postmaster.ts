import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, rmSync } from 'node:fs';
import { type Socket } from 'node:net';
import { join } from 'node:path';
import { type Cluster, serverEnvironment } from './cluster.ts';
import { commandLine, isProcessAlive } from './processes.ts';

/** `busy` while it starts or shuts down. */
export type PostmasterState = 'absent' | 'busy' | 'ready';

export function postmasterState(cluster: Cluster): PostmasterState {
  const pidFile = join(cluster.directory, 'postmaster.pid');
  const lines = readIfPresent(pidFile).split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 0)) return 'absent';
  if (commandLine(pid).includes(`/postgres -D ${cluster.directory} `)) {
    return lines[7]?.trim() === 'ready' ? 'ready' : 'busy';
  }
  if (isProcessAlive(pid)) {
    // PostgreSQL would take whichever process has that number now for its predecessor and refuse to start.
    rmSync(pidFile, { force: true });
    rmSync(join(cluster.socketDirectory, '.s.PGSQL.5432.lock'), { force: true });
  }
  return 'absent';
}

export interface Postmaster {
  readonly exited: Promise<unknown>;
  readonly hasExited: () => boolean;
  readonly output: () => string;
  /** Fast shutdown: clients are disconnected, what they committed is kept. */
  readonly stop: () => Promise<void>;
}

/**
 * File descriptor 3 is a pipe from this process, so the shell reads its end however this process ends, SIGKILL
 * included, and then shuts down PostgreSQL.
 */
const runUntilEndOfFile = `
  "$@" 3<&- &
  postgres=$!
  { while read -r _; do :; done <&3; kill -INT $postgres; } &
  watcher=$!
  exec 3<&-
  wait $postgres
  status=$?
  kill $watcher 2>/dev/null
  exit $status
`;

export function launchPostmaster(cluster: Cluster, settings: readonly string[]): Postmaster {
  const log = openLog(cluster.logFile);
  const logStart = fstatSync(log).size;
  const command = [
    join(cluster.binaries, 'bin/postgres'),
    '-D',
    cluster.directory,
    ...settings.flatMap((setting) => ['-c', setting]),
  ];
  const shell = spawn('/bin/sh', ['-c', runUntilEndOfFile, 'sh', ...command], {
    ...cluster.user,
    cwd: cluster.directory,
    env: serverEnvironment,
    // A session of its own keeps Ctrl-C from PostgreSQL while this process still finishes its requests.
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const pipe = shell.stdio[3] as Socket;
  const exited = once(shell, 'exit');
  shell.unref();
  pipe.unref();
  return {
    exited,
    hasExited: () => shell.exitCode !== null || shell.signalCode !== null,
    output: () => readFileSync(cluster.logFile).subarray(logStart).toString(),
    stop: async () => {
      shell.ref();
      pipe.end();
      await exited;
    },
  };
}

const largestLog = 16 * 1024 * 1024;

function openLog(file: string): number {
  const log = openSync(file, 'a', 0o600);
  if (fstatSync(log).size > largestLog) ftruncateSync(log);
  return log;
}

function readIfPresent(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
