import { migrateAt, startDataCluster } from './data/cluster.ts';
import { fillDatabase } from './data/fill.ts';
import { readDataOptions, type DataOptions } from './data/options.ts';
import { align } from './table.ts';

try {
  await fill(readDataOptions(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function fill({ databaseUrl, seed, names: _, ...size }: DataOptions): Promise<void> {
  const cluster = databaseUrl === undefined ? await startDataCluster(size) : undefined;
  try {
    const url = databaseUrl ?? cluster?.url ?? '';
    if (cluster) await migrateAt(url);
    const { rows, seconds } = await fillDatabase(url, size, seed);
    const counts = [...rows].map(([name, count]) => [name, count.toLocaleString('en')]);
    console.log(align([['', 'rows'], ...counts], 1));
    console.log(`\nMade in ${seconds.toFixed(0)} s${cluster ? `, in ${cluster.dataDirectory}` : ''}.`);
  } finally {
    await cluster?.stop();
  }
}
