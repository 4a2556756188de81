import type { Database } from '../../src/core/database.ts';

/** What a transaction held at its end, of a table that was there before it. */
export interface Held {
  readonly table: string;
  /** It kept writers or everybody out, */
  readonly isExclusive: boolean;
  /** and meanwhile the whole table was read so many times, */
  readonly scans: number;
  /** or so many rows were changed or deleted in it. */
  readonly changes: number;
}

/**
 * Lets PostgreSQL itself write down what each command holds. Whatever it does without a transaction around it is looked at
 * when the command ends; a transaction looks at itself, by `select lint.observe()`, before it ends.
 */
export async function prepareToObserve(database: Database): Promise<void> {
  await database.raw(`
    create schema lint;
    create table lint.tables (oid oid, relfilenode oid);
    create table lint.held (relation oid, mode text, scans bigint, changes bigint);
    create function lint.observe() returns void language sql as $$
      insert into lint.held
        select relation, mode, pg_stat_get_xact_numscans(relation),
               pg_stat_get_xact_tuples_updated(relation) + pg_stat_get_xact_tuples_deleted(relation)
          from pg_locks join lint.tables on oid = relation
         where pid = pg_backend_pid() and granted
    $$;
    create function lint.observe_command() returns event_trigger language plpgsql as $$
    begin
      perform lint.observe();
    end $$;
    create event trigger lint_commands on ddl_command_end execute function lint.observe_command()`);
}

/** From here on, tables that are there now are looked at. */
export async function observeTables(database: Database): Promise<void> {
  await database.raw(`
    truncate lint.held, lint.tables;
    insert into lint.tables
      select oid, relfilenode from pg_class
       where relkind = 'r' and relnamespace = 'public'::regnamespace and relname not like 'knex\\_%'`);
}

export async function heldTables(database: Database): Promise<Held[]> {
  const { rows } = await database.raw<{ rows: Held[] }>(`
    select relation::regclass::text as table, max(scans)::integer as scans, max(changes)::integer as changes,
           bool_or(mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) as "isExclusive"
      from lint.held join pg_class on oid = relation group by relation order by 1`);
  return rows;
}

/** Tables whose file is another one now: they were rewritten or emptied. */
export async function rewrittenTables(database: Database): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { table: string }[] }>(`
    select relname as table from lint.tables join pg_class using (oid)
     where tables.relfilenode <> pg_class.relfilenode order by 1`);
  return rows.map(({ table }) => table);
}
