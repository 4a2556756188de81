import { queryAt } from './query.ts';

/**
 * Lets the planner believe that all tables hold so many times what they do. What it knows of columns holds for them as well:
 * where references lead to more or fewer, each is led to as often as now. As it always looks how many pages there are, it
 * takes what is on them for very close together, which makes reading all of a table cheap rather than dear.
 * @param url of a database whose tables nobody analyzes any more
 */
export async function pretendToBeLarger(url: string, times: number): Promise<void> {
  const scaled = await queryAt<{ statement: string }>(url, distinctReferences);
  for (const { statement } of scaled) await queryAt(url, statement);
  await queryAt(url, 'analyze');
  await queryAt(
    url,
    `update pg_class set reltuples = reltuples * $1
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') and reltuples > 0`,
    [times],
  );
}

const distinctReferences = `
  select format('alter table %s alter column %I set (n_distinct = %s)', c.oid::regclass, a.attname,
                -greatest(0.000001, s.n_distinct / c.reltuples)) as statement
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey)
    join pg_stats s on s.tablename = c.relname and s.attname = a.attname and s.schemaname = 'public'
   where k.contype = 'f' and s.n_distinct > 0 and c.reltuples > 0
     and k.confrelid in ('users'::regclass, 'projects'::regclass, 'organizations'::regclass)`;
