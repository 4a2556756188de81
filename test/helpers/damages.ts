import type { Forwarded } from '../conformance/forward.ts';

type Damage = (answer: Forwarded) => Partial<Pick<Forwarded, 'status' | 'headers' | 'body'>>;

/** Something that a deployment may do wrong, and how the table tells of it. */
export interface Damaged {
  /** Of the request: its method, its path and query, and a header that it has or, after `no`, has not. */
  readonly when: string;
  readonly damage: Damage;
  readonly row: string;
  readonly told: string;
}

/** One of each kind. */
export const damages: readonly Damaged[] = [
  {
    when: 'GET /health',
    damage: changed({ 'Strict-Transport-Security': undefined }),
    row: 'GET /health',
    told: 'lacks the header Strict-Transport-Security',
  },
  {
    when: 'GET /health/ready',
    damage: changed({ 'Access-Control-Allow-Credentials': 'true' }),
    row: 'GET /health/ready',
    told: 'allows cookies',
  },
  {
    when: 'GET /docs',
    damage: changed({ 'Content-Type': 'text/plain' }),
    row: 'GET /docs',
    told: 'came as text/plain, not as text/html',
  },
  {
    when: 'GET /docs/roles',
    damage: changed({ ETag: undefined }),
    row: 'GET /docs/roles',
    told: 'lacks the header ETag',
  },
  {
    when: 'GET /.well-known/jwks.json',
    damage: changed({ ETag: 'no-quotes' }),
    row: 'GET /.well-known/jwks.json',
    told: 'ETag must match pattern',
  },
  {
    when: 'GET /api/auth/me',
    damage: rewritten((user) => ({ ...(user as object), password_hash: '' })),
    row: 'GET /api/auth/me',
    told: 'body must NOT have additional properties',
  },
  {
    when: 'GET /api/auth/my-project-roles',
    damage: rewritten((roles) => ({ ...(roles as object), is_platform_admin: 'yes' })),
    row: 'GET /api/auth/my-project-roles',
    told: 'body/is_platform_admin must be boolean',
  },
  {
    when: 'GET /api/auth/my-managed-orgs',
    damage: () => ({ body: Buffer.from('<html>') }),
    row: 'GET /api/auth/my-managed-orgs',
    told: 'body must be object',
  },
  {
    when: 'GET /api/languages',
    damage: () => ({ status: 500 }),
    row: 'GET /api/languages',
    told: 'answered 500, not 200',
  },
  {
    when: 'GET /api/languages/registry',
    damage: () => ({ status: 418 }),
    row: 'GET /api/languages/registry',
    told: 'answered 418, which is not declared',
  },
  {
    when: 'GET /api/phases if-none-match',
    damage: changed({ ETag: '"another"' }),
    row: 'GET /api/phases',
    told: 'If-None-Match: 304 has another ETag',
  },
  {
    when: 'GET /api/phases/with-dependencies if-none-match',
    damage: () => ({ status: 503 }),
    row: 'GET /api/phases/with-dependencies',
    told: 'If-None-Match: answered 503, not 304',
  },
  {
    when: 'HEAD /api/apps',
    damage: () => ({ status: 405 }),
    row: 'GET /api/apps',
    told: 'HEAD: answered 405, not 200',
  },
  {
    when: 'GET /api/users?no_such_parameter=1',
    damage: () => ({ status: 200 }),
    row: 'GET /api/users',
    told: 'an unknown query parameter: answered 200, not 400',
  },
  {
    when: 'GET /api/projects no authorization',
    damage: () => ({ status: 200 }),
    row: 'GET /api/projects',
    told: 'no token: answered 200, not 401',
  },
  {
    when: 'GET /api/organizations no authorization',
    damage: changed({ 'WWW-Authenticate': undefined }),
    row: 'GET /api/organizations',
    told: 'no token: lacks the header WWW-Authenticate',
  },
  {
    when: 'GET /api/apps/my-apps no authorization',
    damage: changed({ 'X-Request-Id': 'another' }),
    row: 'GET /api/apps/my-apps',
    told: 'no token: tells of another request_id than its header',
  },
  {
    when: 'GET /api/users?limit=1',
    damage: rewritten((page) => [...(page as unknown[]), ...(page as unknown[])]),
    row: 'GET /api/users',
    told: 'pages of one: more than one came',
  },
  {
    when: 'GET /api/audit-events?limit=1',
    damage: changed({ Link: '</api/users?cursor=x>; rel="next"' }),
    row: 'GET /api/audit-events',
    told: 'pages of one: Link leads elsewhere',
  },
  {
    when: 'GET /api/apps?limit=1',
    damage: changed({ Link: '</api/apps?limit=1>; rel="next"' }),
    row: 'GET /api/apps',
    told: 'pages of one: the next page is the same',
  },
  {
    when: 'GET /openapi.json',
    damage: rewritten((contract) => ({ ...(contract as object), info: { version: '0.0.9' } })),
    row: 'the contract it serves',
    told: 'serves version 0.0.9, here it is',
  },
  {
    when: 'GET /api/no-such-path',
    damage: changed({ 'Content-Type': 'text/html' }),
    row: 'a path that is not there',
    told: 'came as text/html',
  },
  {
    when: 'GET /api/auth/login',
    damage: changed({ Allow: 'GET' }),
    row: 'GET where there is none',
    told: '/api/auth/login: allows GET',
  },
  {
    when: 'GET /api/auth/logout',
    damage: () => ({ status: 404 }),
    row: 'GET where there is none',
    told: '/api/auth/logout: answered 404, not 405',
  },
  {
    when: 'OPTIONS /api/auth/me',
    damage: changed({ 'Access-Control-Allow-Origin': '*' }),
    row: 'web pages of strangers',
    told: 'may call',
  },
];

/** What the client gets instead of this answer. */
export function damage(answer: Forwarded): Forwarded {
  const { method, path, requestHeaders } = answer;
  return damages.reduce((sofar, { when, damage: harm }) => {
    const [verb, target, ...condition] = when.split(' ');
    const header = condition.at(-1) ?? 'host';
    const isHit = verb === method && target === path && header in requestHeaders === (condition[0] !== 'no');
    return isHit ? { ...sofar, ...harm(sofar) } : sofar;
  }, answer);
}

function changed(fields: Readonly<Record<string, string | undefined>>): Damage {
  return ({ headers }) => {
    const left = new Headers(headers);
    for (const [name, value] of Object.entries(fields)) {
      if (value === undefined) left.delete(name);
      else left.set(name, value);
    }
    return { headers: left };
  };
}

function rewritten(change: (body: unknown) => unknown): Damage {
  return ({ status, body }) =>
    status === 200 ? { body: Buffer.from(JSON.stringify(change(JSON.parse(body.toString())))) } : {};
}
