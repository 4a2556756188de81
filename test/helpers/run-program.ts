import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const checkout = new URL('../../', import.meta.url);

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program that ends by itself, with nothing of our own environment but the path.
 * @param file within the checkout, TypeScript or built by `npm test`
 */
export function runProgram(
  file: string,
  environment: Record<string, string>,
  options: readonly string[] = [],
  cwd?: string,
): Promise<Run> {
  const loader = file.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : [];
  const given = [...loader, fileURLToPath(new URL(file, checkout)), ...options];
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  return new Promise((resolve) => {
    // A program that goes on where it should have stopped must not outlive its test.
    const limits = { timeout: 30_000, killSignal: 'SIGKILL' } as const;
    const child = execFile(process.execPath, given, { env, cwd, ...limits }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
