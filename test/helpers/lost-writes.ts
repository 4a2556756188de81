import { queryAt } from './query.ts';

/** What was acknowledged and is not there just once. */
export async function lostWrites(
  databaseUrl: string,
  { acknowledged }: { readonly acknowledged: string[] },
): Promise<string[]> {
  const rows = await queryAt<{ name: string }>(
    databaseUrl,
    `select name from unnest($1::text[]) as acknowledged (name) left join projects p using (name)
      group by name having count(p.id) <> 1`,
    [acknowledged],
  );
  return rows.map(({ name }) => name);
}
