import type { Database } from '../../src/core/database.ts';

export interface Part {
  readonly kind: 'column' | 'constraint' | 'extension' | 'function' | 'index' | 'table' | 'trigger' | 'view';
  readonly name: string;
  readonly what: string;
  /** Of a column: nothing is in it unless it is written. */
  readonly isRequired: boolean;
}

/** Everything that migrations have made, but for what keeps track of them. What is valid once stays so, going back too. */
export async function structureOf(database: Database): Promise<Part[]> {
  const { rows } = await database.raw<{ rows: Part[] }>(`
    with relations as (
      select oid, relname, relkind from pg_class where relnamespace = 'public'::regnamespace and relname not like 'knex\\_%'),
    parts as (
      select 'table' as kind, relname as name, '' as what, false as "isRequired" from relations where relkind = 'r'
      union all select 'column', relname || '.' || attname,
               concat_ws(' ', format_type(atttypid, atttypmod), nullif(concat(attidentity, attgenerated), ''),
                 case when attnotnull then 'not null' end, pg_get_expr(adbin, adrelid)),
               attnotnull and relkind = 'r' and adbin is null and attidentity = ''
          from relations join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
          left join pg_attrdef on adrelid = attrelid and adnum = attnum where relkind in ('r', 'v')
      union all select 'constraint', relname || '.' || conname, replace(pg_get_constraintdef(pg_constraint.oid), ' NOT VALID', ''), false
          from relations join pg_constraint on conrelid = relations.oid
      union all select 'index', relname, pg_get_indexdef(oid) || case when indisvalid then '' else ' invalid' end, false
          from relations join pg_index on indexrelid = oid
      union all select 'trigger', relname || '.' || tgname, pg_get_triggerdef(pg_trigger.oid), false
          from relations join pg_trigger on tgrelid = relations.oid where not tgisinternal
      union all select 'view', relname, pg_get_viewdef(oid), false from relations where relkind = 'v'
      union all select 'function', proname, pg_get_functiondef(pg_proc.oid), false
          from pg_proc left join pg_depend on objid = pg_proc.oid and deptype = 'e'
         where pronamespace = 'public'::regnamespace and deptype is null and prokind in ('f', 'p')
      union all select 'extension', extname, '', false from pg_extension)
    select * from parts order by kind, name, what`);
  return rows;
}
