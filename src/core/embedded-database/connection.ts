import pg from 'pg';
import { type Cluster } from './cluster.ts';

/** Host and port only complete the URL: the parameter decides, and no PG… variable can. */
export function connectionUrl({ socketDirectory }: Cluster, database: string): string {
  return `postgresql://tripod@localhost:5432/${database}?host=${encodeURIComponent(socketDirectory)}`;
}

/** False while the server starts or shuts down, and when it has just gone. */
export async function isAcceptingConnections(cluster: Cluster): Promise<boolean> {
  const client = new pg.Client(connectionUrl(cluster, 'postgres'));
  let lost: unknown;
  client.on('error', (error) => (lost = error));
  try {
    await client.connect();
    const { rowCount } = await client.query("select from pg_database where datname = 'tripod'");
    if (rowCount === 0) await client.query('create database tripod');
    return lost === undefined;
  } catch (error) {
    if (isTemporary(error)) return false;
    throw error;
  } finally {
    await client.end();
  }
}

const temporaryCodes = new Set([
  '57P01', // is shutting down: this connection
  '57P03', // is starting up or shutting down
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  '23505', // somebody else is creating the database,
  '42P04', // or has done so
]);

function isTemporary(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? message === 'Connection terminated unexpectedly' : temporaryCodes.has(code);
}
