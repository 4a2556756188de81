import { runClient } from './client.ts';
import type { RawRequest } from './request.ts';

export interface Order {
  readonly port: number;
  /** That of each connection. */
  readonly requests: readonly RawRequest[];
  readonly status: number;
  readonly follow: string | undefined;
  readonly milliseconds: number;
}

export interface Outcome {
  /** In milliseconds, as they came. */
  readonly latencies: readonly number[];
  readonly milliseconds: number;
  /** What each connection would send next. */
  readonly next: readonly RawRequest[];
}

async function run({ port, requests, status, follow, milliseconds }: Order): Promise<Outcome> {
  const latencies: number[] = [];
  const started = performance.now();
  const isOver = () => performance.now() - started >= milliseconds;
  const onAnswer = (latency: number) => latencies.push(latency);
  const next = await Promise.all(
    requests.map((request) => runClient({ port, request, status, follow, isOver, onAnswer })),
  );
  return { latencies, milliseconds: performance.now() - started, next };
}

process.on('message', (order: Order) => {
  run(order).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
