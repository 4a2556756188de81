import { cpus, loadavg } from 'node:os';
import { checkAnswers } from './check-answers.ts';
import { measure, type Plan } from './measure.ts';
import { showProgress } from './progress.ts';
import type { Results } from './results.ts';
import type { Trial } from './trial.ts';
import { connections, type Workshop } from './workshop.ts';

/** Measures these trials after each has been answered alike by all servers. */
export async function run(workshop: Workshop, trials: readonly Trial[], plan: Plan): Promise<Results> {
  const before = load();
  for (const trial of trials) {
    showProgress('Comparing the answers', trial.name);
    await checkAnswers(workshop.servers, trial);
  }
  const cases: Record<string, Results['cases'][string]> = {};
  for (const trial of trials) cases[trial.name] = await measure(workshop, trial, plan);
  showProgress('');
  const [processor] = cpus();
  return {
    machine: {
      ...{ node: process.versions.node, processor: processor?.model ?? '', cores: cpus().length },
      load: { before, after: load() },
    },
    connections,
    cases,
  };
}

function load(): number {
  return Number((loadavg()[0] ?? 0).toFixed(1));
}
