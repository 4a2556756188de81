import { ofRule, type Breach } from './broken-contract.ts';

const circles = 'paths/circles.yaml';
const circle = 'paths/circle.yaml';
const health = 'paths/health.yaml';
const newCircle = 'components/schemas/CircleCreate.yaml';
const shownCircle = 'components/schemas/Circle.yaml';
const main = 'openapi.yaml';

/** Where the answer of a list says what it looks like. */
const listed = ['get', 'responses', '200', 'content', 'application/json'];

const inlineObject = {
  type: 'object',
  description: 'Unnamed.',
  additionalProperties: false,
  properties: {},
  examples: [{}],
};

const names = ofRule('naming', [
  ...['/api/reading_circles', '/api/readingCircles', '/circles'].map((path): Breach => ({
    title: `the path ${path}`,
    edits: [
      [main, ['paths', path], { $ref: health }],
      [main, ['paths', '/health'], undefined],
    ],
    at: `${main}#/paths/${path.replaceAll('/', '~1')}`,
    says: /kebab-case under \/api/,
  })),
  ...['circles', 'ListCircles', 'list_circles', 'findCircles'].map((operationId): Breach => ({
    title: `the operationId ${operationId}`,
    edits: [[circles, ['get', 'operationId'], operationId]],
    at: `${circles}#/get/operationId`,
    says: /camelCase, starting with a verb/,
  })),
  {
    title: 'a camelCase parameter',
    edits: [[circles, ['get', 'parameters', 0, 'name'], 'appKey']],
    at: `${circles}#/get/parameters/0/name`,
    says: /appKey in snake_case/,
  },
  {
    title: 'a snake_case header',
    edits: [
      [circles, ['get', 'parameters', 0, 'name'], 'app_key'],
      [circles, ['get', 'parameters', 0, 'in'], 'header'],
    ],
    at: `${circles}#/get/parameters/0/name`,
    says: /app_key in Train-Case/,
  },
  {
    title: 'a camelCase property',
    edits: [[shownCircle, ['properties', 'madeBy'], { type: 'string', description: 'Who.' }]],
    at: `${shownCircle}#/properties/madeBy`,
    says: /madeBy in snake_case/,
  },
  {
    title: 'a schema in lower case',
    edits: [
      [
        main,
        ['components', 'schemas'],
        { circle_name: { type: 'string', description: 'What.', examples: ['x'] } },
      ],
    ],
    at: `${main}#/components/schemas/circle_name`,
    says: /circle_name in PascalCase/,
  },
]);

const inPlace: Omit<Breach, 'says'>[] = [
  {
    title: 'a request body written in place',
    edits: [
      [circles, ['post', 'requestBody', 'content', 'application/json', 'schema'], inlineObject],
      [circles, ['post', 'x-required-role'], ['platform:admin']],
    ],
    at: `${circles}#/post/requestBody/content/application~1json/schema`,
  },
  {
    title: 'a response written in place',
    edits: [[circle, ['get', 'responses', '200', 'content', 'application/json', 'schema'], inlineObject]],
    at: `${circle}#/get/responses/200/content/application~1json/schema`,
  },
  {
    title: 'array items written in place',
    edits: [
      [circles, ['get', 'responses', '200', 'content', 'application/json', 'schema', 'items'], inlineObject],
    ],
    at: `${circles}#/get/responses/200/content/application~1json/schema/items`,
  },
  {
    title: 'a property written in place',
    edits: [[shownCircle, ['properties', 'place'], { ...inlineObject, type: ['object', 'null'] }]],
    at: `${shownCircle}#/properties/place`,
  },
];

const objects = ofRule(
  'no-inline-objects',
  inPlace.map((each) => ({ ...each, says: /^Move this object to components\/schemas/ })),
);

const examples = ofRule('example', [
  {
    title: 'a schema without an example',
    edits: [[shownCircle, ['examples'], undefined]],
    at: `${shownCircle}#/`,
    says: /^Add `examples`/,
  },
  {
    title: 'a schema with an empty list of examples',
    edits: [[shownCircle, ['examples'], []]],
    at: `${shownCircle}#/`,
    says: /^Add `examples`/,
  },
  {
    title: 'a parameter without an example',
    edits: [['components/parameters/circle-id.yaml', ['example'], undefined]],
    at: 'components/parameters/circle-id.yaml#/',
    says: /^Add `example`/,
  },
  {
    title: 'a header without an example',
    edits: [['components/headers/rate-limit.yaml', ['example'], undefined]],
    at: 'components/headers/rate-limit.yaml#/',
    says: /^Add `example`/,
  },
  {
    title: 'an answer that neither shows what it looks like nor is of a schema that does',
    edits: [[circles, [...listed, 'example'], undefined]],
    at: `${circles}#/${listed.join('/').replace('application/json', 'application~1json')}`,
    says: /^Add `example`/,
  },
]);

const descriptions = ofRule('description', [
  {
    title: 'a schema that nobody can tell the meaning of',
    edits: [[shownCircle, ['description'], undefined]],
    at: `${shownCircle}#/`,
    says: /^Add `description`/,
  },
  {
    title: 'a field with an empty description',
    edits: [[shownCircle, ['properties', 'note', 'description'], ' ']],
    at: `${shownCircle}#/properties/note`,
    says: /^Add `description`/,
  },
  {
    title: 'a header without a description',
    edits: [['components/headers/rate-limit.yaml', ['description'], undefined]],
    at: 'components/headers/rate-limit.yaml#/',
    says: /^Add `description`/,
  },
]);

const limits = ofRule('limits', [
  ...['minimum', 'maximum'].map((keyword): Breach => ({
    title: `a number without a ${keyword}`,
    edits: [['components/schemas/Place.yaml', ['properties', 'latitude', keyword], undefined]],
    at: 'components/schemas/Place.yaml#/properties/latitude',
    says: new RegExp(`^Add \`${keyword}\``),
  })),
  ...[true, { type: 'string', maxLength: 40 }].map((additionalProperties): Breach => ({
    title: `an endless map of ${additionalProperties === true ? 'anything' : 'texts'}`,
    edits: [
      ['components/schemas/Place.yaml', ['properties'], undefined],
      ['components/schemas/Place.yaml', ['required'], undefined],
      ['components/schemas/Place.yaml', ['additionalProperties'], additionalProperties],
      ['components/schemas/Place.yaml', ['examples'], [{}]],
      [shownCircle, ['examples', 0, 'place'], {}],
    ],
    at: 'components/schemas/Place.yaml#/',
    says: /^Add `maxProperties`/,
  })),
]);

const requests = ofRule('closed-requests', [
  {
    title: 'a request that takes unknown fields',
    edits: [[newCircle, ['additionalProperties'], undefined]],
    at: `${newCircle}#/`,
    says: /additionalProperties: false/,
  },
  {
    title: 'an object within a request that takes unknown fields',
    edits: [[newCircle, ['properties', 'place'], { $ref: 'Place.yaml' }]],
    at: 'components/schemas/Place.yaml#/',
    says: /additionalProperties: false/,
  },
]);

export const brokenSchemas = [...names, ...objects, ...examples, ...descriptions, ...limits, ...requests];
