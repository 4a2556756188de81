import type { Route } from './baselines/route.ts';
import type { RawRequest } from './load/request.ts';
import type { BenchOperation, Case, World } from './operation.ts';

/** A case with its place in the contract, and what each connection sends next. */
export interface Trial {
  readonly name: string;
  readonly case: Case;
  readonly status: number;
  requests: readonly RawRequest[];
}

export function trialsOf(
  operations: readonly BenchOperation[],
  routes: readonly Route[],
  world: World,
  connections: number,
): Trial[] {
  return operations.flatMap(({ id, cases }) => {
    const route = routes.find((each) => each.id === id);
    if (!route) throw new TypeError(`${id} has no route.`);
    return Object.entries(cases).map(([name, create]) => {
      const one = create(world);
      const requests = Array.from({ length: connections }, (_, index) => requestOf(one, route, index));
      return { name, case: one, status: one.status ?? route.status, requests };
    });
  });
}

function requestOf({ as, path = {}, query, body }: Case, route: Route, connection: number): RawRequest {
  const place = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '');
  const content = typeof body === 'function' ? (body as (connection: number) => object)(connection) : body;
  return {
    method: route.method,
    path: query ? `${place}?${new URLSearchParams(query).toString()}` : place,
    token: as?.tokens[connection]?.access_token,
    body: content && JSON.stringify(content),
  };
}
