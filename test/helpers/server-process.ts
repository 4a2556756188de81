import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { settingsThroughPooler } from './through-pooler.ts';

export const builtServer = fileURLToPath(new URL('../../dist/server.js', import.meta.url));

/** Runs before the service, and does not keep it from ending. */
const tellMemory = `data:text/javascript,${encodeURIComponent(`
  process.on('message', () => { gc(); gc(); process.send({ ...process.memoryUsage(), peak: process.resourceUsage().maxRSS * 1024 }); });
  process.channel.unref();
`)}`;

export interface ServerProcess {
  readonly url: string;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** The first group of what matches in the output, as soon as it is there. */
  readonly said: (pattern: RegExp) => Promise<string>;
  /** Ends it, as an operator would unless told otherwise; gives its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  /** What it holds after collecting its garbage, and the most that it ever held. */
  readonly memory: () => Promise<Memory>;
}

interface Memory extends NodeJS.MemoryUsage {
  readonly peak: number;
}

type Settings = Readonly<Record<string, string>>;

/** Where and as whom it runs. */
interface Place {
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Starts the built service as a process of its own, with these settings and no others.
 * @param program another that says where it is in the same words
 * @throws {Error} with what it printed, when it ends before it is ready
 */
export async function startServerProcess(
  settings: Settings,
  program: readonly string[] = [builtServer],
  place: Place = {},
): Promise<ServerProcess> {
  const { child, stdout, output, exited } = run(settings, program, place);
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = pattern.exec(output())?.[1];
        if (found === undefined) return;
        stdout.off('data', look);
        resolve(found);
      };
      stdout.on('data', look);
      look();
    });
  const url = await Promise.race([said(/^ {2}API {3}(http:\/\/\S+)\/api$/m), exited]);
  if (typeof url !== 'string') throw new Error(`The service ended before it was ready:\n${output()}`);
  return {
    url,
    output,
    said,
    stop: (signal) => {
      child.kill(signal);
      return exited;
    },
    memory: async () => {
      child.send('how much?');
      return ((await once(child, 'message')) as [Memory])[0];
    },
  };
}

/** For a start that fails: what it prints, and its exit code. */
export async function failServerProcess(
  settings: Settings,
): Promise<{ code: number | null; output: string }> {
  const { output, exited } = run(settings);
  return { code: await exited, output: output() };
}

function run(settings: Settings, program: readonly string[] = [builtServer], place: Place = {}) {
  const child = spawn(process.execPath, ['--expose-gc', `--import=${tellMemory}`, ...program], {
    ...place,
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: '0',
      LOG_LEVEL: 'warn',
      ...settingsThroughPooler(settings),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  // With a channel to it, types no longer know that these are there.
  const { stdout, stderr } = child as ChildProcessByStdio<null, Readable, Readable>;
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      process.removeListener('exit', orphaned);
      resolve(code);
    });
  });
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, stdout, output: () => output, exited };
}
