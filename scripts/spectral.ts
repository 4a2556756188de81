import { fileURLToPath } from 'node:url';
import { runNode, type Run } from './run-node.ts';

const cli = fileURLToPath(new URL('../node_modules/@stoplight/spectral-cli/dist/index.js', import.meta.url));

/** Holds a contract in one file against `.spectral.yaml`; a hint is as good as an error. */
export function spectral(contract: string): Promise<Run> {
  return runNode(cli, ['lint', contract, '--fail-severity=hint']);
}
