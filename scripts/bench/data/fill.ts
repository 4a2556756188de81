import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { showProgress } from '../progress.ts';
import type { Size } from './options.ts';
import { writeRow, type Table } from './table.ts';
import { tablesOf } from './tables.ts';
import { withoutIndexes } from './without-indexes.ts';

export interface Filled {
  /** Rows by table. */
  readonly rows: ReadonlyMap<string, number>;
  readonly seconds: number;
}

/**
 * Fills a migrated database with what the seed makes of it, up to now, all in one transaction, and lets PostgreSQL look at what it holds then.
 * @throws {Error} where somebody has an account already, with nothing changed
 */
export async function fillDatabase(url: string, size: Size, seed: number): Promise<Filled> {
  const start = performance.now();
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('begin');
    const { rows: present } = await client.query('select from users limit 1');
    if (present.length > 0)
      throw new Error('This database has users already: please name one that is empty.');
    await client.query(`set local maintenance_work_mem = '512MB'; set local synchronous_commit = off`);
    const apps = await client.query<{ id: string }>('select id from apps order by app_key');
    const roles = await client.query<{ id: string }>(
      'select r.id from app_roles r join apps a on a.id = r.app_id order by r.role_key desc, a.app_key',
    );
    const tables = tablesOf(size, seed, { apps: apps.rows, roles: roles.rows, now: new Date() });
    await withoutIndexes(client, async () => {
      for (const table of tables) await copy(client, table);
    });
    await client.query('commit');
    showProgress('Looking at what there is', 'vacuum analyze');
    await client.query('vacuum analyze');
    showProgress('');
    const rows = new Map(tables.map(({ name, count }) => [name, count]));
    return { rows, seconds: (performance.now() - start) / 1000 };
  } finally {
    await client.end();
  }
}

async function copy(client: pg.Client, table: Table): Promise<void> {
  const stream = client.query(copyFrom(`copy ${table.name} (${table.columns.join(', ')}) from stdin`));
  await pipeline(Readable.from(lines(table)), stream);
}

const chunkLength = 65_536;

/** Many rows at a time: each piece on its own would cost more than its rows. */
function* lines({ name, count, rows }: Table): Generator<Buffer> {
  const start = performance.now();
  let [chunk, written] = ['', 0];
  for (const row of rows) {
    chunk += writeRow(row);
    written += 1;
    if (chunk.length < chunkLength) continue;
    yield Buffer.from(chunk);
    chunk = '';
    const rate = (written / (performance.now() - start)) * 1000;
    showProgress(name, progressBar(written, count, rate));
  }
  yield Buffer.from(chunk);
}

function progressBar(done: number, count: number, rate: number): string {
  const full = Math.floor((20 * done) / count);
  const bar = '█'.repeat(full) + '░'.repeat(20 - full);
  const number = (value: number) => Math.round(value).toLocaleString('en');
  return `${bar} ${number(done)} of ${number(count)} rows, ${number(rate)} a second, ${number((count - done) / rate)} s left`;
}
