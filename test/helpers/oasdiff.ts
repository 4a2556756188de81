import { spawnSync } from 'node:child_process';
import { oasdiffModule } from '../../scripts/contract-diff/oasdiff.ts';

/** Getting it by Go would take minutes where it has never been. */
export const isOasdiffHere = spawnSync(process.env['OASDIFF'] ?? 'oasdiff', ['--version']).status === 0;

/** What a test that does without says in its place. */
export const withoutOasdiff = `shapes are not compared, for there is no oasdiff: go install ${oasdiffModule}`;
