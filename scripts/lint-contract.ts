import { redocly } from './redocly.ts';

const { exitCode, stdout, stderr } = await redocly('lint', 'openapi/openapi.yaml', ...process.argv.slice(2));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode ?? 1;
