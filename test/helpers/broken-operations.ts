import { ofRule, type Breach } from './broken-contract.ts';
import type { Edit } from './contract-samples.ts';

const circles = 'paths/circles.yaml';
const circle = 'paths/circle.yaml';
const health = 'paths/health.yaml';

const roles = ofRule('required-role', [
  {
    title: 'an operation without a role',
    edits: [[circles, ['get', 'x-required-role'], undefined]],
    at: `${circles}#/get`,
    says: /^Add `x-required-role`/,
  },
  {
    title: 'an alternative that the server does not know',
    edits: [[circles, ['post', 'x-required-role'], ['planet:admin']]],
    at: `${circles}#/post/x-required-role`,
    says: /unknown alternative: "planet:admin".*README/,
  },
  {
    title: 'a role on a request for access other than that of its admin',
    edits: [[circle, ['get', 'x-required-role'], ['access_request:{path.circle_id}:member']]],
    at: `${circle}#/get/x-required-role`,
    says: /unknown alternative: "access_request:/,
  },
  {
    title: 'a path reference to no parameter',
    edits: [[circle, ['get', 'x-required-role'], ['user:{path.user_id}']]],
    at: `${circle}#/get/x-required-role`,
    says: /\{path\.user_id\}, but the path has no `user_id`/,
  },
  {
    title: 'a query reference to a path parameter',
    edits: [[circle, ['get', 'x-required-role'], ['user:{query.circle_id}']]],
    at: `${circle}#/get/x-required-role`,
    says: /\{query\.circle_id\}, but the query has no/,
  },
  {
    title: 'a body reference to no property',
    edits: [[circles, ['post', 'x-required-role'], ['app:{body.app}:admin']]],
    at: `${circles}#/post/x-required-role`,
    says: /\{body\.app\}, but the JSON request body has no `app`/,
  },
  {
    title: 'a body reference where there is no body',
    edits: [[circle, ['get', 'x-required-role'], ['app:{body.app_key}:admin']]],
    at: `${circle}#/get/x-required-role`,
    says: /the JSON request body has no `app_key`/,
  },
  {
    title: 'a public operation that asks for a token',
    edits: [[health, ['get', 'security'], undefined]],
    at: `${health}#/get/x-required-role`,
    says: /add `security: \[\]`/,
  },
  {
    title: 'a public operation with an optional token',
    edits: [[health, ['get', 'security'], [{}, { bearerAuth: [] }]]],
    at: `${health}#/get/security`,
    says: /add `security: \[\]`/,
  },
  {
    title: 'a role without a token',
    edits: [[circles, ['get', 'security'], []]],
    at: `${circles}#/get/security`,
    says: /require `bearerAuth`/,
  },
  {
    title: 'a role whose token is optional',
    edits: [[circles, ['get', 'security'], [{ bearerAuth: [] }, {}]]],
    at: `${circles}#/get/security`,
    says: /require `bearerAuth`/,
  },
]);

function lacksError(file: string, method: string, status: string, cause: string): Breach {
  return {
    title: `an operation with ${cause} and no ${status}`,
    edits: [[file, [method, 'responses', status], undefined]],
    at: `${file}#/${method}/responses`,
    says: new RegExp(`^Declare ${status}: `),
  };
}

function header(name: string): Edit {
  const parameter = {
    name,
    in: 'header',
    description: 'A header.',
    schema: { type: 'string', maxLength: 255 },
    example: 'a-text',
  };
  return [circles, ['post', 'parameters'], [parameter]];
}

const notFound = { $ref: '../components/responses/not-found.yaml' };

function lacksAnswer(status: string, name: string, others: readonly string[] = []): Breach {
  return {
    title: `an operation with ${name} and no ${status}`,
    edits: [header(name), ...others.map((other): Edit => [circles, ['post', 'responses', other], notFound])],
    at: `${circles}#/post/responses`,
    says: new RegExp(`^Declare ${status}: `),
  };
}

function needsHeader(status: string, name: string): Breach {
  return {
    title: `a ${status} without ${name}`,
    edits: [[circles, ['post', 'responses', status], notFound]],
    at: `${circles}#/post/responses/${status}`,
    says: new RegExp(`^Remove ${status} or declare .${name}.: `),
  };
}

const errors = ofRule('declared-errors', [
  lacksError(circles, 'get', '400', 'a parameter'),
  lacksError(circles, 'post', '400', 'a body'),
  lacksError(circles, 'get', '401', 'a token'),
  lacksError(circles, 'post', '403', 'alternatives'),
  lacksError(circle, 'get', '404', 'a path parameter'),
  lacksError(circles, 'post', '413', 'a body'),
  lacksError(circles, 'post', '415', 'a body'),
  lacksError(circles, 'get', '500', 'a database'),
  lacksError(circles, 'get', '503', 'a database'),
  lacksAnswer('304', 'If-None-Match'),
  lacksAnswer('412', 'If-Match'),
  lacksAnswer('409', 'Idempotency-Key', ['422']),
  lacksAnswer('422', 'Idempotency-Key', ['409']),
  needsHeader('304', 'If-None-Match'),
  needsHeader('412', 'If-Match'),
  {
    title: 'a 500 without a database',
    edits: [[health, ['get', 'responses', '500'], { $ref: '../components/responses/internal-error.yaml' }]],
    at: `${health}#/get/responses/500`,
    says: /^Remove 500/,
  },
  {
    title: 'x-database: true',
    edits: [[circles, ['get', 'x-database'], true]],
    at: `${circles}#/get/x-database`,
    says: /can only be `false`/,
  },
]);

const references = ofRule('error-by-reference', [
  {
    title: 'an error written in place',
    edits: [[circles, ['get', 'responses', '503'], { description: 'Written here.' }]],
    at: `${circles}#/get/responses/503`,
    says: /^Move this 503 to components\/responses/,
  },
  {
    title: 'an error that is no problem',
    edits: [
      [
        'components/responses/not-found.yaml',
        ['content'],
        { 'application/json': { schema: { $ref: '../schemas/Problem.yaml' } } },
      ],
    ],
    at: 'components/responses/not-found.yaml#/content',
    says: /^Answer errors as application\/problem\+json/,
  },
]);

const end = { 'x-deprecated-since': '2027-01-01', 'x-sunset': '2027-07-01' };

function isDeprecated(extensions: Readonly<Record<string, string | undefined>>): Edit[] {
  return Object.entries({ deprecated: true, ...end, ...extensions }).map(([name, value]): Edit => [
    circles,
    ['get', name],
    value,
  ]);
}

const deprecations = ofRule('deprecation', [
  ...(
    [
      ['since when', { 'x-deprecated-since': undefined }, /^`x-deprecated-since` must be a day/],
      ['until when', { 'x-sunset': undefined }, /^`x-sunset` must be a day.*README/],
      ['a time for a day', { 'x-sunset': '2027-07-01T00:00:00Z' }, /^`x-sunset` must be a day/],
      ['a day that there is none of', { 'x-sunset': '2027-02-30' }, /^`x-sunset` must be a day/],
      ['an end before the beginning', { 'x-sunset': '2026-07-01' }, /^`x-sunset` must be later/],
    ] as const
  ).map(([title, extensions, says]): Breach => ({
    title: `a deprecated operation ${title.startsWith('a') ? 'with' : 'that does not say'} ${title}`,
    edits: isDeprecated(extensions),
    at: `${circles}#/get/deprecated`,
    says,
  })),
  ...Object.entries(end).map(([name, day]): Breach => ({
    title: `${name} on an operation that stays`,
    edits: [[circles, ['get', name], day]],
    at: `${circles}#/get/deprecated`,
    says: /says something only beside `deprecated: true`/,
  })),
  {
    title: 'an unknown operation to use instead',
    edits: isDeprecated({ 'x-successor': 'listRings' }),
    at: `${circles}#/get/x-successor`,
    says: /no operation `listRings`/,
  },
]);

export const brokenOperations = [...roles, ...errors, ...references, ...deprecations];
