import { searchRegistry } from '../../src/services/languages/registry.ts';
import { readDataOptions, type Size } from './data/options.ts';
import { showProgress } from './progress.ts';
import { measure, questions, type Measured } from './size/measure.ts';
import { openWorld } from './size/world.ts';
import { median } from './statistics.ts';
import { align } from './table.ts';

const small: Size = { users: 1_000, projects: 100, grants: 5_000 };

const { seed, names, users, projects, grants } = readDataOptions(process.argv.slice(2));
const large: Size = { users, projects, grants };
const smallWorld = await openWorld(small, seed);
const largeWorld = await openWorld(large, seed);
try {
  const measured: Measured[] = [];
  for (const question of questions(names)) {
    const found = await measure([smallWorld, largeWorld], question);
    if (found) measured.push(found);
  }
  showProgress('');
  console.log(table(measured, large));
  console.log(`\nSearching the registry of languages takes ${registrySearch().toFixed(2)} ms.`);
} finally {
  await largeWorld.stop();
  await smallWorld.stop();
}

/** The worst first. */
function table(measured: readonly Measured[], { users }: Size): string {
  const ratio = ({ medians: [one = NaN, other = NaN] }: Measured) => other / one;
  const rows = measured
    .toSorted((one, other) => ratio(other) - ratio(one))
    .map((each) => [
      each.name,
      each.way,
      ...each.medians.map((each) => each.toFixed(2)),
      ratio(each).toFixed(2),
    ]);
  const head = ['p50 ms', '', `${small.users} users`, `${users} users`, 'ratio'];
  return align([head, ...rows]);
}

/** Milliseconds for the slowest of these. */
function registrySearch(): number {
  const texts = ['a', 'dan', 'swahili', 'sign language', 'nothing like that', 'ni'];
  return Math.max(
    ...texts.map((text) =>
      median(
        Array.from({ length: 50 }, () => {
          const start = performance.now();
          searchRegistry(text, 20);
          return performance.now() - start;
        }),
      ),
    ),
  );
}
