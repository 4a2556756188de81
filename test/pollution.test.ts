import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { operations } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { platformAdmin } from './helpers/people.ts';
import { openConnection } from './helpers/raw-socket.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
const before = [Object.prototype, Array.prototype, Function.prototype].map((prototype) =>
  Reflect.ownKeys(prototype),
);
test.after.always(() => service.stop());

/** The service runs in this very process: what it did to every object, it did to ours. */
test.afterEach((t) => {
  const now = [Object.prototype, Array.prototype, Function.prototype].map((prototype) =>
    Reflect.ownKeys(prototype),
  );
  t.deepEqual(now, before);
  t.false('polluted' in {});
});

const poison = '{"polluted": true, "is_platform_admin": true, "status": 200, "admin": true}';

for (const member of [
  `"__proto__": ${poison}`,
  `"constructor": {"prototype": ${poison}}`,
  `"prototype": ${poison}`,
  '"__proto__": null',
  '"hasOwnProperty": 1',
  '"__defineGetter__": 1',
  '"\\u005f_proto__": {"polluted": true}',
]) {
  test(`no operation takes a body with ${member.slice(0, 30)}, and each names it`, async (t) => {
    for (const operation of operations.values()) {
      if (!operation.bodySchema) continue;
      const { body = '{}', ...rest } = minimalRequest(operation, { user_id: admin.id });
      const own = String(body).trim().slice(1, -1);
      const request = { ...rest, body: `{${[own, member].filter(Boolean).join(',')}}`, as: admin };
      const answer = await service.send(request);
      t.is(answer.status, 400, operation.id);
      const { errors = [] } = answer.body as Schema<'Problem'>;
      const name = (JSON.parse(`[${member.split(':', 1)[0]}]`) as [string])[0];
      t.true(
        errors.some((error) => error.in === 'body' && error.path === name),
        `${operation.id} ${JSON.stringify(errors)}`,
      );
    }
  });
}

for (const body of [`[${poison}]`, '"__proto__"', `{"__proto__": ${'['.repeat(500)}${']'.repeat(500)}}`]) {
  test(`a body of ${body.slice(0, 20)} is refused everywhere`, async (t) => {
    for (const operation of operations.values()) {
      if (!operation.bodySchema) continue;
      const { status } = await service.send({ ...minimalRequest(operation, {}), body, as: admin });
      t.is(status, 400, operation.id);
    }
  });
}

for (const query of [
  '__proto__=1',
  '__proto__[polluted]=1',
  '__proto__.polluted=1',
  'constructor[prototype][polluted]=1',
  'constructor.prototype.polluted=1',
  'q[__proto__][polluted]=1',
  'q[constructor][prototype][polluted]=1',
  '__proto__[]=1&__proto__[]=2',
  '%5F_proto__%5Bpolluted%5D=1',
  'toString=1',
]) {
  test(`the query ${query} is refused`, async (t) => {
    for (const path of ['/api/languages', '/api/users/search', '/health'])
      t.is((await sendOdd(service.url, { method: 'GET', path: `${path}?${query}`, as: admin })).status, 400);
  });
}

for (const name of ['__proto__', 'constructor', 'prototype', 'toString', '%5F_proto__']) {
  test(`${name} in a path is a value like any other`, async (t) => {
    for (const [path, status] of [
      [`/api/languages/${name}`, 400],
      [
        `/api/organizations/slug/${name}`,
        name === 'toString' || name.startsWith('c') || name === 'prototype' ? 404 : 400,
      ],
      [`/api/projects/${name}/access/users/${name}`, 400],
      [`/api/${name}`, 404],
      [`/${name}`, 404],
    ] as const) {
      const method = path.includes('access') ? 'DELETE' : 'GET';
      t.is((await sendOdd(service.url, { method, path, as: admin })).status, status, path);
    }
  });
}

test('headers named like what every object has are headers like any other', async (t) => {
  const connection = openConnection(service.url);
  connection.send(
    'GET /health HTTP/1.1\r\nHost: localhost\r\n__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\n\r\n',
  );
  t.is((await connection.answers(1))[0]?.status, 200);
  connection.socket.destroy();
});

test('a name or a key may be spelled like what every object has', async (t) => {
  for (const name of ['__proto__', 'constructor', 'toString']) {
    const { body } = await service.call('createPhase', 201, { as: admin, body: { name } });
    t.is(body.name, name);
  }
  const { body } = await service.call('createOrganization', 201, {
    as: admin,
    body: { name: 'constructor', slug: 'constructor' },
  });
  const { body: found } = await service.call('getOrganizationBySlug', 200, {
    as: admin,
    path: { slug: 'constructor' },
  });
  t.deepEqual(found, body);
});
