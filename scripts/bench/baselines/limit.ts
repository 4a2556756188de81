import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import type { Input } from '../operation.ts';
import { admit } from './admit.ts';
import { openClients } from './idle-clients.ts';
import { logAnswer } from './log.ts';
import { keys, pool, port, routes, type Served } from './setup.ts';
import { verifyAccessToken } from './tokens.ts';

const clients = await openClients(pool);

/** Paths without parameters are found at once. */
const fixed = new Map<string, Served>();
const templates: { readonly served: Served; readonly steps: readonly string[] }[] = [];
for (const served of routes) {
  const { method, path } = served.route;
  if (path.includes('{')) templates.push({ served, steps: path.split('/') });
  else fixed.set(`${method} ${path}`, served);
}

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    send(response, 500, '{}');
  });
}).listen(port, '127.0.0.1');

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const start = performance.now();
  const { method = '', url = '', headers } = request;
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const served = fixed.get(`${method} ${path}`);
  const found = served ? { served, path: none } : findTemplate(method, path);
  if (!found) {
    send(response, 404, '{}');
    return;
  }
  const { route, operation } = found.served;
  const claims = route.access && verifyAccessToken(headers.authorization, keys);
  if (route.access && !claims) {
    send(response, 401, '{}');
    return;
  }
  const text = method === 'GET' ? '' : await readText(request);
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  const query = mark < 0 ? none : parse(url.slice(mark + 1));
  const input = { user: undefined, path: found.path, query, body, keys };
  if (!claims && !operation.work) {
    const size = send(response, route.status, write(found.served, undefined, input));
    logAnswer(request, response, { operation: route.id, user: undefined, start }, size);
    return;
  }
  const client = await clients.take();
  try {
    const user = claims ? await admit(route, claims, input, client) : undefined;
    if (user === 401 || user === 403) {
      send(response, user, '{}');
      return;
    }
    const admitted = { ...input, user };
    const result = await operation.work?.(admitted, client);
    const size = send(response, route.status, write(found.served, result, admitted));
    logAnswer(request, response, { operation: route.id, user, start }, size);
  } finally {
    clients.give(client);
  }
}

const none: Record<string, string> = {};

function findTemplate(method: string, path: string) {
  const steps = path.split('/');
  for (const { served, steps: template } of templates) {
    if (served.route.method !== method || template.length !== steps.length) continue;
    const values: Record<string, string> = {};
    const fits = template.every((step, index) => {
      const given = steps[index] ?? '';
      if (!step.startsWith('{')) return step === given;
      values[step.slice(1, -1)] = given;
      return true;
    });
    if (fits) return { served, path: values };
  }
  return undefined;
}

function write({ route, operation }: Served, result: unknown, input: Input): string {
  if (route.status === 204) return '';
  return operation.write
    ? operation.write(result as never, input)
    : JSON.stringify(operation.answer(result as never, input) ?? null);
}

function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      resolve(text);
    });
    request.on('error', reject);
  });
}

/** @returns how long the body is */
function send(response: ServerResponse, status: number, text: string): number {
  if (status === 204) {
    response.writeHead(status).end();
    return 0;
  }
  const size = Buffer.byteLength(text);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': size });
  response.end(text);
  return size;
}
