import { readFileSync } from 'node:fs';
import { parse, parseDocument } from 'yaml';
import type { Contract } from '../../scripts/contract-diff/contract.ts';

/** What to set; `undefined` removes it. */
export type Edit = readonly [path: readonly (string | number)[], value: unknown];

const shapes = readFileSync(new URL('../fixtures/shapes.yaml', import.meta.url), 'utf8');

/** The contract of one of each shape, changed. */
export function changedShapes(edits: readonly Edit[]): Contract {
  const document = parseDocument(shapes);
  for (const [path, value] of edits) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  return parse(String(document)) as Contract;
}
