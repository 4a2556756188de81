import type { Profiler } from 'node:inspector';
import { placeOf, type Frame } from './profile.ts';

/** What was on the stack for some of the time: a file of ours, a package, or a function that is built in. */
export interface Block {
  readonly name: string;
  readonly kind: 'ours' | 'package' | 'node';
  /** With all that it calls, in microseconds. */
  time: number;
  readonly calls: Map<string, Block>;
}

const width = 1200;
const row = 18;
const top = 34;
/** Narrower ones are left out. */
const leastWidth = 1.5;
const letter = 6.2;

/** Calls within one file or package are one block, and so are all calls of one block by another. */
export function blocksOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Block {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const all: Block = { name: 'all', kind: 'node', time: 0, calls: new Map() };
  samples.forEach((sample, index) => {
    const stack: Frame[] = [];
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const frame = frames.get(id);
      if (frame) stack.unshift(frame);
    }
    if (stack.at(-1)?.functionName === '(idle)') return;
    const time = Math.max(0, timeDeltas[index + 1] ?? 0);
    let block = all;
    block.time += time;
    for (const frame of stack.slice(1)) {
      const [name, kind] = labelOf(frame);
      if (name === block.name) continue;
      const next: Block = block.calls.get(name) ?? { name, kind, time: 0, calls: new Map() };
      block.calls.set(name, next);
      next.time += time;
      block = next;
    }
  });
  return all;
}

function labelOf(frame: Frame): [name: string, kind: Block['kind']] {
  const { url, functionName } = frame;
  if (url === '') return [functionName || '(anonymous)', 'node'];
  if (url.startsWith('node:')) return ['Node', 'node'];
  const library = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library !== undefined) return [library, 'package'];
  return [placeOf(frame).replace(/^.* src\/|\.js:\d+$/g, ''), 'ours'];
}

/** Time from left to right, calls from top to bottom. */
export function flameGraph(all: Block, title: string): string {
  const rows: string[] = [];
  let deepest = 0;
  const draw = ({ calls }: Block, x: number, depth: number) => {
    let left = x;
    for (const block of [...calls.values()].sort((one, other) => other.time - one.time)) {
      const length = (block.time / all.time) * width;
      if (length >= leastWidth) {
        deepest = Math.max(deepest, depth);
        rows.push(rectangle(block, { left, length, y: top + depth * row, share: block.time / all.time }));
        draw(block, left, depth + 1);
      }
      left += length;
    }
  };
  draw(all, 0, 0);
  const height = top + (deepest + 1) * row + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">${escape(title)}</title>
<style>
  text { font: 11px system-ui, sans-serif; fill: #1f2328 } .head { font-size: 13px; font-weight: 600 }
  rect { stroke: #ffffff; stroke-width: 0.5 } .ground { fill: #ffffff } .ours { fill: #80b4f0 } .package { fill: #f0d080 } .node { fill: #d0d7de }
</style>
<rect class="ground" width="${width}" height="${height}"/>
<text class="head" x="4" y="20">${escape(title)}</text>
${rows.join('\n')}
</svg>
`;
}

interface Place {
  readonly left: number;
  readonly length: number;
  readonly y: number;
  readonly share: number;
}

function rectangle({ name, kind }: Block, { left, length, y, share }: Place): string {
  const letters = Math.floor((length - 6) / letter);
  const label = name.length <= letters ? name : letters > 3 ? `${name.slice(0, letters - 1)}…` : '';
  const text = label && `<text x="${(left + 3).toFixed(1)}" y="${y + 13}">${escape(label)}</text>`;
  const tip = `<title>${escape(name)}: ${(share * 100).toFixed(1)} %</title>`;
  return `<g>${tip}<rect class="${kind}" x="${left.toFixed(1)}" y="${y}" width="${length.toFixed(1)}" height="${row - 1}"/>${text}</g>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
