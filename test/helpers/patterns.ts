import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { document } from './contract.ts';

export interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

const sources = fileURLToPath(new URL('../../src/', import.meta.url));

/** Every `pattern` of a contract, once. */
export function contractPatterns(contract: unknown = document): Pattern[] {
  const found = new Map<string, Pattern>();
  const walk = (node: unknown, place: string) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, member] of Object.entries(node)) {
      // A property may be called `pattern` too.
      if (name === 'pattern' && typeof member === 'string')
        found.set(member, { place, source: member, flags: 'u' });
      walk(member, `${place}/${name}`);
    }
  };
  walk(contract, '#');
  return [...found.values()];
}

/** Every regular expression that our own code spells. */
export function codePatterns(): Pattern[] {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('generated'))
    .flatMap((name) => patternsIn(name, readFileSync(join(sources, name), 'utf8')));
}

function patternsIn(name: string, code: string): Pattern[] {
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.Latest);
  const found: Pattern[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ place: name, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    // One that is put together while the service runs could not be looked at here.
    if (ts.isNewExpression(node) && node.expression.getText(file) === 'RegExp')
      throw new Error(`${name} puts a pattern together: ${node.getText(file)}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
