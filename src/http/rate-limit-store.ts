import { runStatement, type Database, type Statement } from '../core/database.ts';

/** One limit as it holds for one account, caller or address. */
export interface Bucket {
  /** A hash: what is limited is nobody's to read. */
  readonly key: Buffer;
  readonly quota: number;
  readonly seconds: number;
}

/** How full a bucket is. */
export interface Filled {
  readonly used: number;
  /** When there will be room again, or more of it; null for an empty one. */
  readonly freeAgainAt: Date | null;
}

/** Takes keys, quotas, seconds and now. */
const take: Statement = {
  name: 'take-rate-limits',
  text: `select key, used, free_again_at
           from take_rate_limits($1::bytea[], $2::integer[], $3::integer[], $4::timestamptz)`,
};

/** Takes keys and the moment of one use of each; locks in the order in which they are taken. */
const giveBack: Statement = {
  name: 'give-back-rate-limits',
  text: `with held as materialized (
           select key from rate_limits where key = any ($1::bytea[]) order by key for update)
         update rate_limits kept
            set taken = kept.taken[:array_position(kept.taken, $2::timestamptz(3)) - 1]
                     || kept.taken[array_position(kept.taken, $2::timestamptz(3)) + 1:]
           from held
          where kept.key = held.key and array_position(kept.taken, $2::timestamptz(3)) is not null`,
};

/**
 * Decided by the database in one step, for however many ask at once and on whichever instance: one use is taken of every
 * bucket if each has room, and none otherwise.
 * @returns the buckets as they were before that
 */
export async function takeOfAll<Asked extends Bucket>(
  database: Database,
  buckets: readonly Asked[],
  now: Date,
): Promise<(Asked & Filled)[]> {
  const [keys, quotas, seconds] = [
    buckets.map(({ key }) => key),
    buckets.map(({ quota }) => quota),
    buckets.map((bucket) => bucket.seconds),
  ];
  const rows = await runStatement<{ key: Buffer; used: number; free_again_at: string | null }>(
    database,
    take,
    [keys, quotas, seconds, now],
  );
  return buckets.map((bucket) => {
    const row = rows.find(({ key }) => key.equals(bucket.key));
    if (!row) throw new TypeError('take_rate_limits left out a key');
    const { used, free_again_at: again } = row;
    return { ...bucket, used, freeAgainAt: again === null ? null : new Date(again) };
  });
}

export function isFull({ used, quota }: Bucket & Filled): boolean {
  return used >= quota;
}

/** Gives back the one use of each that was taken at that moment. */
export async function giveBackAll(
  database: Database,
  buckets: readonly Bucket[],
  moment: Date,
): Promise<void> {
  await runStatement(database, giveBack, [buckets.map(({ key }) => key), moment]);
}
