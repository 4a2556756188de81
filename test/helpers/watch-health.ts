import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from './client.ts';

export interface Watched {
  /** All that `/health` has answered. */
  readonly health: ReadonlySet<number>;
  readonly readiness: ReadonlySet<number>;
  /** The last answer of `/health/ready`. */
  readonly isReady: boolean;
  /** In milliseconds, of either. */
  readonly slowest: number;
}

/** Asks again and again whether an instance is alive and ready. */
export function watchHealth(url: string): { readonly stop: () => Promise<Watched> } {
  const client = createClient(url);
  const [health, readiness] = [new Set<number>(), new Set<number>()];
  let [isOver, isReady, slowest] = [false, false, 0];

  async function ask(path: string): Promise<number> {
    const started = performance.now();
    const { status } = await client.send({ method: 'GET', path });
    slowest = Math.max(slowest, performance.now() - started);
    return status;
  }

  async function watch(): Promise<void> {
    while (!isOver) {
      const [alive, ready] = await Promise.all([ask('/health'), ask('/health/ready')]);
      health.add(alive);
      readiness.add(ready);
      isReady = ready === 200;
      await wait(100);
    }
  }

  const watching = watch();
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return { health, readiness, isReady, slowest };
    },
  };
}
