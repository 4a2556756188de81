import type { ClientBase } from 'pg';
import { showProgress } from '../progress.ts';

interface Definition {
  readonly removal: string;
  readonly creation: string;
}

/** Lets tables be filled before their indexes and foreign keys are there, which takes a fraction of the time. */
export async function withoutIndexes(client: ClientBase, fill: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<Definition>(definitions);
  for (const { removal } of rows) await client.query(removal);
  await fill();
  for (const [index, { creation }] of rows.toReversed().entries()) {
    showProgress('Building indexes, looking after foreign keys', `${index + 1} of ${rows.length}`);
    await client.query(creation);
  }
}

/** Foreign keys first: they need the indexes that they lead to. */
const definitions = `
  select removal, creation from (
    select 1 as place, format('alter table %s drop constraint %I', conrelid::regclass, conname) as removal,
           format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as creation
      from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
    union all
    select 2, format('drop index %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
      from pg_index join pg_class on pg_class.oid = indexrelid
     where relnamespace = 'public'::regnamespace
       and not exists (select from pg_constraint where conindid = indexrelid and contype <> 'f')) definitions
   order by place, removal`;
