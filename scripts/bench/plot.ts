import type { Figures, Results } from './results.ts';

const width = 760;
const labels = 130;
const top = 64;
const bar = 14;
const gap = 16;
/** What is behind the longest bar is its label. */
const longest = width - labels - 150;

/** CPU per request as bars, as multiples of the limit, so that cheap operations show beside dear ones. */
export function plot({ cases, machine }: Results): string {
  const groups = Object.entries(cases);
  const largest = Math.max(
    ...groups.flatMap(([, servers]) => Object.values(servers).map((each) => ratio(servers, each))),
  );
  const servers = Object.keys(groups[0]?.[1] ?? {});
  const height = top + groups.length * (servers.length * bar + gap) + 8;
  const legend = servers.map(
    (name, index) =>
      `<rect class="${name}" x="${labels + index * 90}" y="40" width="10" height="10"/><text x="${labels + 14 + index * 90}" y="49">${name}</text>`,
  );
  const bars = groups.map(([name, each], index) =>
    group(name, each, top + index * (servers.length * bar + gap), longest / largest),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title">
<title id="title">CPU of the service for a request, beside that of two baselines</title>
<style>
  text { font: 12px system-ui, sans-serif; fill: #1f2328 } .title { font-size: 14px; font-weight: 600 } .name { text-anchor: end }
  .ground { fill: #ffffff } .service { fill: #0969da } .limit { fill: #818b98 } .express { fill: #d4a72c }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .ground { fill: #0d1117 } .service { fill: #58a6ff } .limit { fill: #9198a1 } .express { fill: #d29922 }
  }
</style>
<rect class="ground" width="${width}" height="${height}"/>
<text class="title" x="${labels}" y="24">CPU for a request, in µs and as a multiple of the limit (Node ${machine.node})</text>
${[...legend, ...bars].join('\n')}
</svg>
`;
}

function group(name: string, servers: Readonly<Record<string, Figures>>, y: number, scale: number): string {
  const bars = Object.entries(servers).map(([server, figures], index) => {
    const multiple = ratio(servers, figures);
    const length = multiple * scale;
    const place = y + index * bar;
    return `<rect class="${server}" x="${labels}" y="${place}" width="${length.toFixed(1)}" height="${bar - 2}"/><text x="${(labels + length + 6).toFixed(1)}" y="${place + 10}">${figures.cpu.toFixed(0)} µs · ${multiple.toFixed(1)}×</text>`;
  });
  const middle = y + (bars.length * bar) / 2 + 3;
  return [`<text class="name" x="${labels - 10}" y="${middle}">${name}</text>`, ...bars].join('\n');
}

function ratio(servers: Readonly<Record<string, Figures>>, { cpu }: Figures): number {
  return cpu / (servers['limit']?.cpu ?? NaN);
}
