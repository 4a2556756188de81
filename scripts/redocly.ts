import { fileURLToPath } from 'node:url';
import { runNode, type Run } from './run-node.ts';

const cli = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));

/** Runs the Redocly CLI in the project's directory. */
export async function redocly(...args: string[]): Promise<Run> {
  const run = await runNode(cli, args, { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' });
  return { ...run, stderr: withoutNotices(run.stderr) };
}

/** The CLI draws boxed notices about itself (Node 20, Redoc 3) that no setting turns off. */
function withoutNotices(text: string): string {
  return text.replaceAll(/^ *[╔║╚].*\n/gmu, '').trimStart();
}
