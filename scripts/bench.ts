import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, comparisonTable, refuseOtherNode } from './bench/compare.ts';
import { readOptions, type Options } from './bench/options.ts';
import { plot } from './bench/plot.ts';
import { profileCase } from './bench/profile-case.ts';
import { writeResults, type Results } from './bench/results.ts';
import { run } from './bench/run.ts';
import { table } from './bench/table.ts';
import { inWorkshop } from './bench/workshop.ts';

const plans = {
  full: { rounds: 5, round: 1000, steady: 3 },
  brief: { rounds: 5, round: 300, steady: 2 },
};

const folderOf = (path: string) => fileURLToPath(new URL(`../${path}/`, import.meta.url));

const { options, earlier } = start();
await inWorkshop(async (workshop) => {
  const trials = workshop.trials.filter(({ name }) => options.chosen.includes(name));
  if (options.isProfile) {
    for (const trial of trials) console.log(`${await profileCase(workshop, trial)}\n`);
    return;
  }
  const results = await run(workshop, trials, options.isBrief ? plans.brief : plans.full);
  const { processor, cores, node, load } = results.machine;
  console.log(`${table(results)}\n`);
  console.log(`Node ${node} on ${cores} × ${processor}, load ${load.before} before and ${load.after} after`);
  console.log(`Written: ${relative('', write(results, options))}`);
  if (earlier) tellChanges(earlier, results);
});

/** Ends with a line to act on where the command is not understood. */
function start(): { options: Options; earlier: Results | undefined } {
  try {
    const options = readOptions(process.argv.slice(2));
    // Read first: it may be the file that is about to be written.
    return { options, earlier: options.against === undefined ? undefined : read(options.against) };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

function tellChanges(before: Results, now: Results): void {
  const comparisons = compare(before, now);
  console.log(`\n${comparisonTable(comparisons)}\n`);
  const worse = comparisons.filter(({ isWorse }) => isWorse).map(({ name }) => name);
  if (worse.length === 0) return;
  console.log(`Takes over 25 % more than before, beside the limit: ${worse.join(', ')}.`);
  console.log(`To see where the time goes: npm run bench -- --profile ${worse.join(' ')}`);
  process.exitCode = 1;
}

function read(file: string): Results {
  const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
  refuseOtherNode(results, process.versions.node);
  return results;
}

/** Only what was measured in full is for the documentation. */
function write(results: Results, { isBrief, isChoice }: Options): string {
  const folder = folderOf(isBrief || isChoice ? 'dist/bench' : 'docs/bench');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}latest.json`, writeResults(results));
  writeFileSync(`${folder}latest.svg`, plot(results));
  return folder;
}
