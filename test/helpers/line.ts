import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface Line {
  readonly url: string;
  /** Where it leads from now on; to nobody, connections break at once. */
  readonly leadTo: (url: string | undefined) => void;
  /** The next so many answers are lost on the way, whole or the end of them; what was asked for is done. */
  readonly loseAnswers: (count: number, part?: 'whole' | 'end') => void;
  /** How many answers have been lost. */
  readonly lost: () => number;
}

/** A connection to the service that can fail. */
export async function startLine(t: ExecutionContext, url: string): Promise<Line> {
  let target: URL | undefined = new URL(url);
  let [toLose, lost] = [0, 0];
  let lostPart: 'whole' | 'end' = 'whole';
  const open = new Set<Socket>();

  const server = createServer((near) => {
    open.add(near);
    if (!target) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const hangUp = () => {
      near.destroy();
      far.destroy();
      open.delete(near);
    };
    near
      .on('error', hangUp)
      .on('close', hangUp)
      .on('data', (chunk) => far.write(chunk));
    far
      .on('error', hangUp)
      .on('close', hangUp)
      .on('data', (chunk: Buffer) => {
        if (toLose === 0) return near.write(chunk);
        [toLose, lost] = [toLose - 1, lost + 1];
        return near.write(chunk.subarray(0, lostPart === 'end' ? -1 : 0), hangUp);
      });
    return near;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const hangUpAll = () => {
    for (const socket of open) socket.destroy();
  };
  t.teardown(() => {
    hangUpAll();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (next) => {
      target = next === undefined ? undefined : new URL(next);
      hangUpAll();
    },
    loseAnswers: (count, part = 'whole') => {
      [toLose, lostPart] = [count, part];
    },
    lost: () => lost,
  };
}
