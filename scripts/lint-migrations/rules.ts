import type { Part } from './structure.ts';
import type { Rehearsal } from './rehearse.ts';
import type { RunningVersion } from './running-version.ts';

/** What is wrong, and what to do instead. */
export interface Refusal {
  readonly rule: string;
  readonly message: string;
}

/** How many rows a migration may change at once; whoever writes to one of them waits that long. */
const batch = 1_000;

/** From what it was seen to do. */
export async function refusalsOf(rehearsal: Rehearsal, running: RunningVersion): Promise<Refusal[]> {
  return [
    ...rewrites(rehearsal),
    ...locks(rehearsal),
    ...changes(rehearsal),
    ...(await removals(rehearsal, running)),
    ...(await requirements(rehearsal, running)),
    ...notRepeatable(rehearsal),
    ...notReversed(rehearsal),
  ];
}

function rewrites({ rewritten }: Rehearsal): Refusal[] {
  return rewritten.map((table) => ({
    rule: 'rewrite',
    message: `rewrites or empties ${table}, which nobody can read meanwhile. Add a new column, fill it in batches, and drop the old one in a later release.`,
  }));
}

function locks({ held, rewritten }: Rehearsal): Refusal[] {
  return held
    .filter(({ table, isExclusive, scans }) => isExclusive && scans > 0 && !rewritten.includes(table))
    .map(({ table }) => ({
      rule: 'lock',
      message: `reads all of ${table} while it locks writers out. Create an index CONCURRENTLY, and make a unique constraint USING it; add other constraints NOT VALID, and VALIDATE them in a migration of their own; SET NOT NULL reads nothing where a valid check says the same.`,
    }));
}

function changes({ held, mostChanged }: Rehearsal): Refusal[] {
  const tables = held.filter(({ changes }) => changes > batch).map(({ table }) => table);
  if (tables.length === 0 && mostChanged <= batch) return [];
  return [
    {
      rule: 'batch',
      message: `changes more than ${batch} rows ${tables.length > 0 ? `of ${tables.join(', ')} ` : ''}at once, which makes others wait for them. Change them in batches of a transaction each, with config.transaction false.`,
    },
  ];
}

/** A column is gone when it is renamed, too. */
async function removals({ before, after }: Rehearsal, running: RunningVersion): Promise<Refusal[]> {
  const kept = new Set(after.map(keyOf));
  const names = new Set(after.map(({ name }) => name));
  // A table's columns go with it.
  const gone = before.filter(
    (part) =>
      !kept.has(keyOf(part)) &&
      (['function', 'table', 'view'].includes(part.kind) ||
        (part.kind === 'column' && names.has(tableOf(part)))),
  );
  const refusals = gone.map(async ({ kind, name }): Promise<Refusal[]> => {
    const files = await filesReading(name, running);
    if (files.length === 0) return [];
    return [
      {
        rule: 'still-read',
        message: `takes away the ${kind} ${name}, which the running version still reads: ${files.join(', ')}. Release code that does without it first, and take it away in the release after that.`,
      },
    ];
  });
  return (await Promise.all(refusals)).flat();
}

async function requirements({ before, after }: Rehearsal, running: RunningVersion): Promise<Refusal[]> {
  const wasThere = new Set(before.filter(({ kind }) => kind === 'table').map(({ name }) => name));
  const wasRequired = new Set(before.filter(({ isRequired }) => isRequired).map(keyOf));
  const required = after.filter(
    (part) => part.isRequired && wasThere.has(tableOf(part)) && !wasRequired.has(keyOf(part)),
  );
  const refusals = required.map(async ({ name }): Promise<Refusal[]> => {
    if ((await filesReading(name, running)).length > 0) return [];
    return [
      {
        rule: 'not-written',
        message: `requires ${name}, which the running version does not write. Give it a default, or require it in a later release.`,
      },
    ];
  });
  return (await Promise.all(refusals)).flat();
}

/** Models declare the columns of their table, and the columns of all in base-model.ts; SQL names both in one file. */
async function filesReading(name: string, { filesNaming }: RunningVersion): Promise<string[]> {
  const [relation = '', column] = name.split('.');
  if (column === undefined) return filesNaming(relation);
  const files = await filesNaming(relation, column);
  if (files.length > 0 || (await filesNaming(relation)).length === 0) return files;
  return (await filesNaming(column)).filter((file) => file.endsWith('/base-model.ts'));
}

function notRepeatable({ notRepeatable: reason }: Rehearsal): Refusal[] {
  if (reason === undefined) return [];
  return [
    {
      rule: 'repeat',
      message: `cannot be done again after it was cut off, as all outside transactions must: ${reason}. Say IF NOT EXISTS or IF EXISTS, one statement in a file.`,
    },
  ];
}

function notReversed({ notReversed: differences }: Rehearsal): Refusal[] {
  if (differences.length === 0) return [];
  return [{ rule: 'down', message: `is not taken back by its down:\n    ${differences.join('\n    ')}` }];
}

function keyOf({ kind, name }: Part): string {
  return `${kind} ${name}`;
}

/** Of a column, whose name begins with it. */
function tableOf({ name }: Part): string {
  return name.slice(0, name.indexOf('.'));
}
