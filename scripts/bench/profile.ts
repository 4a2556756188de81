import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';

/** How much of the time was spent in it itself, from 0 to 1. */
export interface Share {
  readonly name: string;
  readonly share: number;
}

export interface ProfileSummary {
  readonly functions: readonly Share[];
  readonly packages: readonly Share[];
}

export function readProfile(file: string): Profiler.Profile {
  return JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile;
}

/** Where the time goes, most first; time in which nothing was to be done does not count. */
export function summarizeProfile({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): ProfileSummary {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const functions = new Map<string, number>();
  const packages = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    if (!frame || frame.functionName === '(idle)') return;
    // A sample stands for the time until the next one.
    const time = Math.max(0, timeDeltas[index + 1] ?? 0);
    total += time;
    const group = packageOf(frame);
    add(functions, placeOf(frame), time);
    add(packages, group, time);
  });
  const shares = (times: Map<string, number>) =>
    [...times]
      .map(([name, time]) => ({ name, share: time / total }))
      .sort((one, other) => other.share - one.share);
  return { functions: shares(functions), packages: shares(packages) };
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

export type Frame = Profiler.ProfileNode['callFrame'];

function packageOf({ functionName, url, lineNumber }: Frame): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  if (functionName === '(program)') return 'outside of JavaScript';
  const name = url.split('/node_modules/').at(-1);
  if (url.includes('/node_modules/') && name !== undefined)
    return /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  if (url.startsWith('node:')) return 'Node';
  if (url !== '') return 'src/';
  // What is built in has no place; what was put together at run time, such as validators, has one in no file.
  return lineNumber < 0 ? 'built in' : 'made at run time';
}

/** The function, and where it is. */
export function placeOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName || '(anonymous)';
  if (url === '') return name;
  const file = url.replace(/^.*\/node_modules\//, '').replace(/^file:.*\/dist\//, 'src/');
  return `${name} ${file}:${lineNumber + 1}`;
}
