import type { Edit } from './contract-samples.ts';

const circles = 'paths/circles.yaml';
const circle = 'paths/circle.yaml';
const health = 'paths/health.yaml';
const shownCircle = 'components/schemas/Circle.yaml';
const main = 'openapi.yaml';
const listed = ['get', 'responses', '200', 'content', 'application/json'];
const healthSchema = ['get', 'responses', '200', 'content', 'application/json', 'schema'];

interface GoodContract {
  /** Reads on from "the rules accept …". */
  readonly title: string;
  readonly edits: readonly Edit[];
}

export const goodContracts: readonly GoodContract[] = [
  { title: 'the good contract', edits: [] },
  {
    title: 'a public operation that can answer 401',
    edits: [[health, ['get', 'responses', '401'], { $ref: '../components/responses/unauthorized.yaml' }]],
  },
  {
    title: 'security of the operation itself',
    edits: [
      [main, ['security'], undefined],
      [circles, ['get', 'security'], [{ bearerAuth: [] }]],
      [circles, ['post', 'security'], [{ bearerAuth: [] }]],
      [circle, ['get', 'security'], [{ bearerAuth: [] }]],
    ],
  },
  {
    title: 'an excepted answer: the readiness check, which is JSON even when it fails',
    edits: [
      [health, ['get', 'operationId'], 'getReadiness'],
      [health, ['get', 'x-database'], undefined],
      [health, ['get', 'responses', '500'], { $ref: '../components/responses/internal-error.yaml' }],
      [health, ['get', 'responses', '503'], { description: 'Not ready.' }],
    ],
  },
  {
    title: 'examples with names',
    edits: [
      [circles, [...listed, 'example'], undefined],
      [circles, [...listed, 'examples'], { none: { summary: 'There is none', value: [] } }],
    ],
  },
  {
    title: 'a map with a largest size',
    edits: [
      [shownCircle, ['properties', 'place'], undefined],
      [shownCircle, ['required'], ['id', 'name', 'note']],
      [shownCircle, ['examples', 0, 'place'], undefined],
      [health, healthSchema, { $ref: '../components/schemas/Place.yaml' }],
      ['components/schemas/Place.yaml', ['additionalProperties'], { type: 'string' }],
      ['components/schemas/Place.yaml', ['properties'], undefined],
      ['components/schemas/Place.yaml', ['required'], undefined],
      ['components/schemas/Place.yaml', ['examples'], [{ here: 'there' }]],
      ['components/schemas/Place.yaml', ['maxProperties'], 10],
    ],
  },
  {
    title: 'a deprecated operation with its dates and what to use instead',
    edits: [
      [circles, ['get', 'deprecated'], true],
      [circles, ['get', 'x-deprecated-since'], '2027-01-01'],
      [circles, ['get', 'x-sunset'], '2027-07-01'],
      [circles, ['get', 'x-successor'], 'getCircle'],
    ],
  },
  {
    title: 'a header in Train-Case',
    edits: [
      [circles, ['get', 'parameters', 0, 'name'], 'Client-Name'],
      [circles, ['get', 'parameters', 0, 'in'], 'header'],
    ],
  },
  ...(
    [
      ['If-None-Match', ['304']],
      ['If-Match', ['412']],
      ['Idempotency-Key', ['409', '422']],
    ] as const
  ).map(([name, statuses]): GoodContract => ({
    title: `${name} with ${statuses.join(' and ')}`,
    edits: [
      [circles, ['get', 'parameters', 0, 'name'], name],
      [circles, ['get', 'parameters', 0, 'in'], 'header'],
      ...statuses.map((status): Edit => [
        circles,
        ['get', 'responses', status],
        { $ref: '../components/responses/not-found.yaml' },
      ]),
    ],
  })),
  ...['/.well-known/jwks.json', '/openapi.json', '/docs', '/health/ready', '/api/circles/by-name'].map(
    (path): GoodContract => ({
      title: `the path ${path}`,
      edits: [
        [main, ['paths', path], { $ref: health }],
        [main, ['paths', '/health'], undefined],
      ],
    }),
  ),
];
