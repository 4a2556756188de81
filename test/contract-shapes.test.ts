import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import pLimit from 'p-limit';
import { compareContracts, type Comparison } from '../scripts/contract-diff/compare.ts';
import type { Contract } from '../scripts/contract-diff/contract.ts';
import { runOasdiff } from '../scripts/contract-diff/oasdiff.ts';
import { changedShapes } from './helpers/contract-changes.ts';
import { isOasdiffHere, withoutOasdiff } from './helpers/oasdiff.ts';
import { breakingShapes, compatibleShapes, wordChanges, type ShapeChange } from './helpers/shape-changes.ts';

const oneByOne = pLimit(1);

function compare({ before = [], edits }: Omit<ShapeChange, 'says'>): Promise<Comparison> {
  return oneByOne(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'contract-shapes-'));
    const findShapes = (one: Contract, other: Contract) => runOasdiff(one, other, directory);
    try {
      return await compareContracts(changedShapes(before), changedShapes(edits), findShapes, '2097-01-01');
    } finally {
      await rm(directory, { recursive: true });
    }
  });
}

function texts({ changes }: Comparison, effect: 'breaking' | 'compatible'): string[] {
  return changes.filter((change) => change.effect === effect).map(({ text }) => text);
}

if (!isOasdiffHere) {
  test.skip(withoutOasdiff, (t) => {
    t.fail();
  });
} else {
  for (const change of breakingShapes) {
    test(`a client breaks when ${change.title}`, async (t) => {
      const comparison = await compare(change);
      t.true(
        texts(comparison, 'breaking').some((text) => change.says.test(text)),
        JSON.stringify(comparison.changes),
      );
      t.is(comparison.version.least, '2.0.0');
    });
  }

  for (const change of compatibleShapes) {
    test(`no client breaks when ${change.title}`, async (t) => {
      const comparison = await compare(change);
      t.deepEqual(texts(comparison, 'breaking'), []);
      t.true(
        texts(comparison, 'compatible').some((text) => change.says.test(text)),
        JSON.stringify(comparison.changes),
      );
      t.is(comparison.version.least, '1.3.0');
    });
  }

  for (const change of wordChanges) {
    test(`no program notices when ${change.title} changes`, async (t) => {
      const comparison = await compare(change);
      t.deepEqual(comparison.changes, []);
      t.is(comparison.version.least, '1.2.4');
    });
  }
}
