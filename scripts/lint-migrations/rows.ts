import type { Database } from '../../src/core/database.ts';

/** So many that changing all at once is told from changing a batch. */
export const rowCount = 1_500;

interface Table {
  readonly table: string;
  /** Those without which there is no row. */
  readonly columns: readonly Column[];
}

interface Column {
  readonly column: string;
  readonly type: string;
  readonly place: number;
  /** What a check has it equal to, if there is one. */
  readonly choice: string | null;
}

/** Gives every table rows of its own; each id that a foreign key could have is there. */
export async function fillTables(database: Database): Promise<void> {
  const { rows } = await database.raw<{ rows: Table[] }>(tables);
  await database.transaction(async (transaction) => {
    // Neither the order of tables nor what triggers refuse matters.
    await transaction.raw('set local session_replication_role = replica');
    for (const { table, columns } of rows) {
      const names = columns.map(({ column }) => column);
      const values = columns.map((column) => sampleOf(table, column)).join(', ');
      await transaction.raw(
        `insert into ?? (${names.map(() => '??').join(', ')})
           select ${values} from generate_series(0, ${rowCount - 1}) n on conflict do nothing`,
        [table, ...names],
      );
    }
  });
  await database.raw('analyze');
}

const tables = `
  with checks as (
    select conrelid, conkey, pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c')
  select relname as table, json_agg(json_build_object(
           'column', attname, 'type', format_type(atttypid, null), 'place', attnum, 'choice', (
             select substring(definition from $$'([^']*)'::text[,\\]]$$) from checks
              where conrelid = attrelid and conkey = array[attnum] and definition like '%ANY (ARRAY[%' limit 1))
           order by attnum) as columns
    from pg_class join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
   where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'knex\\_%'
     and attidentity = '' and not atthasdef
     and (attnotnull or exists (
           select from checks where conrelid = attrelid and conkey = array[attnum]
              and definition like '%(' || quote_ident(attname) || ' IS NOT NULL)%'))
   group by relname order by relname`;

const letters = `chr(97 + n / 676 % 26) || chr(97 + n / 26 % 26) || chr(97 + n % 26)`;

const samples: Readonly<Record<string, string>> = {
  bigint: 'n',
  boolean: 'true',
  bytea: 'int4send(n)',
  'character varying': letters,
  date: `date '2026-01-01' + n`,
  'double precision': 'n % 90',
  integer: 'n',
  inet: `inet '127.0.0.1' + n`,
  json: `'{}'::json`,
  jsonb: `'{}'::jsonb`,
  numeric: 'n',
  smallint: 'n',
  text: letters,
  'timestamp with time zone': `timestamptz '2026-01-01Z' + n * interval '1 minute'`,
};

function sampleOf(table: string, { column, type, place, choice }: Column): string {
  if (choice !== null) return `'${choice}'`;
  if (type.endsWith('[]')) return `'{}'::${type}`;
  if (type === 'uuid')
    return `('00000000-0000-7000-8000-' || lpad(to_hex((n + ${place}) % ${rowCount}), 12, '0'))::uuid`;
  const sample = samples[type];
  if (sample === undefined)
    throw new Error(`scripts/lint-migrations/rows.ts has no sample of ${type} for ${table}.${column} yet.`);
  return sample;
}
