import { mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { programOf } from './child.ts';
import { blocksOf, flameGraph } from './flame-graph.ts';
import { cpuOf, runLoad, warmUp } from './measure.ts';
import { readProfile, summarizeProfile, type Share } from './profile.ts';
import { showProgress } from './progress.ts';
import { align } from './table.ts';
import type { Trial } from './trial.ts';
import type { Workshop } from './workshop.ts';

const duration = 6000;
const mostFunctions = 30;
/** Packages with less than this are one line together. */
const leastShare = 0.005;

/** Profiles the service alone, and tells what takes its time. */
export async function profileCase(workshop: Workshop, trial: Trial): Promise<string> {
  const {
    servers: [service],
    load,
  } = workshop;
  mkdirSync(programOf('bench/profiles'), { recursive: true });
  const file = programOf(`bench/profiles/${trial.name}.cpuprofile`);
  showProgress(trial.name, 'warming up');
  await warmUp(workshop, service, trial, { round: 500, steady: 3 });
  showProgress(trial.name, 'profiling');
  await service.ask({ ask: 'profile' });
  const before = await cpuOf(service);
  const { latencies } = await runLoad(load, service, trial, duration);
  const cpu = ((await cpuOf(service)) - before) / latencies.length;
  await service.ask({ ask: 'save', file });
  showProgress('');

  const profile = readProfile(file);
  const picture = file.replace(/\.cpuprofile$/, '.svg');
  writeFileSync(
    picture,
    flameGraph(blocksOf(profile), `${trial.name}: ${cpu.toFixed(0)} µs of CPU for a request`),
  );
  const { functions, packages } = summarizeProfile(profile);
  const rows = (shares: readonly Share[]) =>
    shares.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`, (share * cpu).toFixed(1)]);
  return [
    `${trial.name}: ${cpu.toFixed(0)} µs of CPU for a request while it is profiled, all in ${relative('', file)}, and drawn beside it`,
    align([['By package', '', 'µs'], ...rows(withoutSmall(packages))], 1),
    align([['By function, without those it calls', '', 'µs'], ...rows(functions.slice(0, mostFunctions))], 1),
  ].join('\n\n');
}

function withoutSmall(shares: readonly Share[]): Share[] {
  const large = shares.filter(({ share }) => share >= leastShare);
  const small = shares.slice(large.length);
  const rest = small.reduce((sum, { share }) => sum + share, 0);
  return [...large, { name: `${small.length} others`, share: rest }];
}
