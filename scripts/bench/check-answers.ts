import { isDeepStrictEqual } from 'node:util';
import type { RawRequest } from './load/request.ts';
import type { Server } from './servers.ts';
import type { Trial } from './trial.ts';

/**
 * The servers are only compared if they do the same work.
 * @throws {Error} unless all give the expected answer, and the same
 */
export async function checkAnswers(servers: readonly Server[], trial: Trial): Promise<void> {
  const { varying = [], follow, isExpected } = trial.case;
  let first: { readonly server: string; readonly body: unknown } | undefined;
  for (const server of servers) {
    const [request, ...others] = trial.requests;
    if (!request) throw new TypeError(`${trial.name} has no request.`);
    const { status, body } = await send(server, request);
    const found = `${trial.name} is answered ${status} by ${server.name}: ${JSON.stringify(body).slice(0, 500)}`;
    if (status !== trial.status || !isExpected(body as never)) throw new Error(found);
    if (follow !== undefined) {
      const next = JSON.stringify({ [follow]: (body as Record<string, unknown>)[follow] });
      trial.requests = [{ ...request, body: next }, ...others];
    }
    const constant = withoutValues(body, varying);
    first ??= { server: server.name, body: constant };
    if (!isDeepStrictEqual(constant, first.body))
      throw new Error(`${found}\nBut by ${first.server}: ${JSON.stringify(first.body).slice(0, 500)}`);
  }
}

async function send(server: Server, { method, path, token, body }: RawRequest) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as unknown };
}

/** With how long each of these fields is instead of what it holds. */
function withoutValues(body: unknown, varying: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const fields = Object.entries(body as Record<string, unknown>);
  return Object.fromEntries(
    fields.map(([name, value]) => [
      name,
      varying.includes(name) ? `${String(value).length} characters` : value,
    ]),
  );
}
