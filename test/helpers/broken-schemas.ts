import { ofRule, type Breach } from './broken-contract.ts';

const circles = 'paths/circles.yaml';
const circle = 'paths/circle.yaml';
const health = 'paths/health.yaml';
const newCircle = 'components/schemas/CircleCreate.yaml';
const shownCircle = 'components/schemas/Circle.yaml';
const main = 'openapi.yaml';

const inlineObject = { type: 'object', description: 'Unnamed.', additionalProperties: false, properties: {} };

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
    edits: [[main, ['components', 'schemas'], { circle_name: { type: 'string' } }]],
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

const examples = ofRule('schema-example', [
  {
    title: 'an object without an example',
    edits: [[shownCircle, ['examples'], undefined]],
    at: `${shownCircle}#/`,
    says: /^Add `examples`/,
  },
  {
    title: 'an object with an empty list of examples',
    edits: [[shownCircle, ['examples'], []]],
    at: `${shownCircle}#/`,
    says: /^Add `examples`/,
  },
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
  {
    title: 'an endless string in a body',
    edits: [[newCircle, ['properties', 'name', 'maxLength'], undefined]],
    at: `${newCircle}#/properties/name`,
    says: /maxLength/,
  },
  {
    title: 'an endless nullable string in a list',
    edits: [[newCircle, ['properties', 'tags', 'items'], { type: ['string', 'null'] }]],
    at: `${newCircle}#/properties/tags/items`,
    says: /maxLength/,
  },
  {
    title: 'an endless string in the query',
    edits: [[circles, ['get', 'parameters', 0, 'schema', 'maxLength'], undefined]],
    at: `${circles}#/get/parameters/0/schema`,
    says: /maxLength/,
  },
  {
    title: 'an endless list in a body',
    edits: [[newCircle, ['properties', 'tags', 'maxItems'], undefined]],
    at: `${newCircle}#/properties/tags`,
    says: /maxItems/,
  },
  {
    title: 'an endless list in a response',
    edits: [
      [circles, ['get', 'responses', '200', 'content', 'application/json', 'schema', 'maxItems'], undefined],
    ],
    at: `${circles}#/get/responses/200/content/application~1json/schema`,
    says: /maxItems/,
  },
]);

export const brokenSchemas = [...names, ...objects, ...examples, ...requests];
