import { isDeepStrictEqual } from 'node:util';
import type { RawRequest } from './load/request.ts';
import type { Trial } from './trial.ts';

export interface Answering {
  readonly name: string;
  readonly port: number;
}

/**
 * The servers are only compared if they do the same work.
 * @throws {Error} unless all give the expected answer, and the same, and refuse a token that was not signed here
 */
export async function checkAnswers(servers: readonly Answering[], trial: Trial): Promise<void> {
  const { varying = [], follow, isExpected } = trial.case;
  let first: { readonly server: string; readonly body: unknown } | undefined;
  for (const server of servers) {
    const [request, ...others] = trial.requests;
    if (!request) throw new TypeError(`${trial.name} has no request.`);
    await checkRefusal(server, request);
    const { status, text } = await send(server, request);
    const found = `${trial.name} is answered ${status} by ${server.name}: ${text.slice(0, 500)}`;
    if (status !== trial.status) throw new Error(found);
    const body: unknown = text === '' ? null : JSON.parse(text);
    if (!isExpected(body as never)) throw new Error(found);
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

async function checkRefusal(server: Answering, request: RawRequest): Promise<void> {
  const { token } = request;
  if (token === undefined) return;
  const signature = token.lastIndexOf('.') + 1;
  const forged = token.slice(0, signature) + token.slice(signature).split('').reverse().join('');
  const { status } = await send(server, { ...request, token: forged });
  if (status !== 401) throw new Error(`${server.name} lets in who has another signature: ${status}`);
}

async function send(server: Answering, { method, path, token, body }: RawRequest) {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, text: await response.text() };
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
