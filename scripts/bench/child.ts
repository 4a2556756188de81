import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** Sends a question and waits for its answer: one at a time. */
  readonly ask: <Answer>(question: object) => Promise<Answer>;
  readonly exited: Promise<string>;
  readonly stop: () => Promise<void>;
}

export const programOf = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));

/** A Node process that answers questions. What it writes to standard output is for nobody. */
export function startChild(args: readonly string[], environment: Record<string, string> = {}): Child {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(`${args.at(-1) ?? ''} ended with ${code ?? signal ?? ''}.\n${complaint}`);
    });
  });
  const fail = async (): Promise<never> => {
    throw new Error(await exited);
  };
  return {
    pid: child.pid ?? 0,
    ask: async <Answer>(question: object) => {
      const answered = new Promise<Answer | { error: string } | null>((resolve) => {
        child.once('message', (answer) => {
          resolve(answer as Answer);
        });
      });
      child.send(question);
      const answer = await Promise.race([answered, fail()]);
      if (typeof answer === 'object' && answer !== null && 'error' in answer) throw new Error(answer.error);
      return answer as Answer;
    },
    exited,
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
