import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const host = 'database.test';

/** A name whose address changes, for another process. */
export interface MovingHost {
  readonly host: string;
  /** What a process has to be started with to know the name. */
  readonly environment: Readonly<Record<string, string>>;
  readonly moveTo: (address: string) => void;
  readonly remove: () => void;
}

export function createMovingHost(address: string): MovingHost {
  const directory = mkdtempSync(join(tmpdir(), 'tripod-host-'));
  const file = join(directory, 'address');
  const moveTo = (next: string) => {
    writeFileSync(file, next);
  };
  moveTo(address);
  const lookUpInFile = `
    import dns from 'node:dns';
    import { readFileSync } from 'node:fs';
    const { lookup } = dns;
    dns.lookup = (name, ...rest) =>
      lookup(name === '${host}' ? readFileSync('${file}', 'utf8') : name, ...rest);`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(lookUpInFile)}`;
  return {
    host,
    environment: { NODE_OPTIONS: preload },
    moveTo,
    remove: () => {
      rmSync(directory, { recursive: true });
    },
  };
}
