import express from 'express';
import pg from 'pg';
import type { User } from '../operation.ts';
import { admit } from './admit.ts';
import { logAnswer } from './log.ts';
import { keys, pool, port, routes, type Served } from './setup.ts';
import { verifyAccessToken } from './tokens.ts';

const connections = new pg.Pool(pool);
const app = express();
app.use(express.json());

for (const served of routes) {
  const path = served.route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  const method = served.route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  app[method](path, (request, response) => answer(served, request, response));
}

async function answer({ route, operation }: Served, request: express.Request, response: express.Response) {
  const start = performance.now();
  const log = (user: User | undefined) => {
    const size = Number(response.get('Content-Length') ?? 0);
    logAnswer(request, response, { operation: route.id, user, start }, size);
  };
  const claims = route.access && verifyAccessToken(request.get('Authorization'), keys);
  if (route.access && !claims) {
    response.sendStatus(401);
    return;
  }
  const path = request.params as Record<string, string>;
  const query = request.query as Record<string, string>;
  const input = { user: undefined, path, query, body: request.body as unknown, keys };
  if (!claims && !operation.work) {
    response.status(route.status).json(operation.answer(undefined as never, input));
    log(undefined);
    return;
  }
  const client = await connections.connect();
  try {
    const user = claims ? await admit(route, claims, input, client) : undefined;
    if (user === 401 || user === 403) {
      response.sendStatus(user);
      return;
    }
    const admitted = { ...input, user };
    const result = await operation.work?.(admitted, client);
    response.status(route.status).json(operation.answer(result as never, admitted));
    log(user);
  } finally {
    client.release();
  }
}

app.listen(port, '127.0.0.1');
