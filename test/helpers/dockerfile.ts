import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');

/** Where each stage begins from. */
export const stages = [...text.matchAll(/^FROM (\S+) AS \w+$/gm)].map(([, from = '']) => from);

const last = text.slice(text.lastIndexOf('\nFROM '));

/** What the image that is deployed runs, and how. */
export const image = {
  environment: Object.fromEntries(
    said(/^ENV (.+)$/m)
      .split(' ')
      .map((pair) => pair.split('=') as [string, string]),
  ),
  user: Number(said(/^USER (\d+)$/m)),
  port: said(/^EXPOSE (\d+)$/m),
  healthCheck: JSON.parse(said(/^HEALTHCHECK [^]*?\bCMD (\[.+\])$/m)) as [string, ...string[]],
  command: JSON.parse(said(/^CMD (\[.+\])$/m)) as [string, ...string[]],
};

/** What Node is told before the program. */
export const nodeOptions = image.command.slice(1, -1);

/** @throws {Error} when the last stage says it not at all, or in another form */
function said(instruction: RegExp): string {
  const words = instruction.exec(last)?.[1];
  if (words === undefined) throw new Error(`The image lacks ${instruction.source}`);
  return words;
}
