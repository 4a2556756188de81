import { breaking, compatible, type Change } from './change.ts';
import { isNode, type Contract, type Node } from './contract.ts';

/**
 * An enumeration with `x-may-grow` was never promised to be complete: new values are no surprise, but those that went are
 * waited for in vain. Gives these changes, and the contract of before with the values of now, so that nobody else judges them.
 */
export function growingEnumerations(
  before: Contract,
  after: Contract,
): { changes: Change[]; before: Contract } {
  const changes: Change[] = [];
  const align = (was: unknown, is: unknown, place: string): unknown => {
    if (Array.isArray(was) && Array.isArray(is))
      return was.map((each, index) => align(each, is[index], place));
    if (!isNode(was) || !isNode(is)) return was;
    if (mayGrow(was) && mayGrow(is)) {
      changes.push(...compareValues(was['enum'], is['enum'], place));
      return { ...was, enum: is['enum'] };
    }
    return Object.fromEntries(
      Object.entries(was).map(([key, value]) => [key, align(value, is[key], `${place}/${key}`)]),
    );
  };
  const components = align(before.components, after.components, '') as Contract['components'];
  return { changes, before: { ...before, ...(components ? { components } : {}) } };
}

function mayGrow(schema: Node): schema is Node & { readonly enum: readonly unknown[] } {
  return schema['x-may-grow'] === true && Array.isArray(schema['enum']);
}

function compareValues(was: readonly unknown[], is: readonly unknown[], place: string): Change[] {
  const name = place.replace('/schemas/', '').replaceAll('/properties/', '.');
  const [gone, come] = [was.filter((each) => !is.includes(each)), is.filter((each) => !was.includes(each))];
  return [
    ...gone.map((value) =>
      breaking(`\`${name}\` has no \`${String(value)}\` any more, which programs may wait for`),
    ),
    ...come.map((value) => compatible(`\`${name}\` can also be \`${String(value)}\``)),
  ];
}
