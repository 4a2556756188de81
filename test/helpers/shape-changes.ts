import type { Edit } from './contract-changes.ts';

export interface ShapeChange {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** What had been changed before already. */
  readonly before?: readonly Edit[];
  readonly says: RegExp;
}

type Path = readonly (string | number)[];

const schemas = ['components', 'schemas'];
const ring: Path = [...schemas, 'Ring'];
const request: Path = [...schemas, 'CreateRingRequest'];
const problem: Path = [...schemas, 'Problem'];
const limit: Path = ['components', 'parameters', 'limit'];
const id: Path = ['components', 'parameters', 'ring_id'];
const list: Path = ['paths', '/rings', 'get'];
const create: Path = ['paths', '/rings', 'post'];
const get: Path = ['paths', '/rings/{ring_id}', 'get'];
const headers: Path = [...get, 'responses', '200', 'headers'];
const listed: Path = [...list, 'responses', '200', 'content', 'application/json', 'schema'];
const text: Path = [...list, 'parameters', 1, 'schema'];

const shared = { $ref: '#/components/responses/Problem' };
const atRing = {
  parameters: [{ $ref: '#/components/parameters/ring_id' }],
  get: { operationId: 'getRing', 'x-required-role': 'authenticated', responses: {} },
};
const plain = { type: 'string', maxLength: 9 };

function field(schema: Path, name: string, ...rest: Path): Path {
  return [...schema, 'properties', name, ...rest];
}

function change(title: string, path: Path, value: unknown, says: RegExp): ShapeChange {
  return { title, edits: [[path, value]], says };
}

/** The same change the other way round. */
function undone(title: string, path: Path, value: unknown, says: RegExp): ShapeChange {
  return { title, before: [[path, value]], edits: [], says };
}

const unknownRule = /went from .+ to .+, and no rule knows/;

const bodies: readonly ShapeChange[] = [
  change('a field of an answer goes', field(ring, 'note'), undefined, /removed the required property `note`/),
  change('a field of an answer is no longer sure', [...ring, 'required'], ['id'], /`name`.*optional/),
  change('a field of an answer can be null', field(ring, 'name', 'type'), ['string', 'null'], /`name`.*null/),
  change('a field of an answer has another type', field(ring, 'name', 'type'), 'integer', /`name`.*type/),
  change('a field of an answer has another format', field(ring, 'id', 'format'), 'uri', /`id`.*format/),
  change('a field of an answer has no format', field(ring, 'id', 'format'), undefined, /`id`.*format/),
  change('a value of an answer is new', field(ring, 'colour', 'enum', 2), 'green', /`green` enum value/),
  change('a value of an answer can be anything', field(ring, 'colour', 'enum'), undefined, /`colour`/),
  change('a constant of an answer changes', field(ring, 'kind', 'const'), 'circle', /`kind`.*const/),
  change('a text of an answer can be longer', field(ring, 'name', 'maxLength'), 999, /`name`.*maxLength/i),
  change('a text of an answer looks otherwise', field(ring, 'name', 'pattern'), '^x', /`name`.*pattern/),
  change('a list can be longer', [...listed, 'maxItems'], 999, /maxItems/),
  change('an inner list can be longer', field(ring, 'marks', 'maxItems'), 999, /marks.*maxItems/),
  change('a list has repetitions', field(ring, 'marks', 'uniqueItems'), undefined, /unique/i),
  change('items have another type', field(ring, 'marks', 'items', 'type'), 'integer', /marks.*type/),
  change(
    'the values of a map can be lower',
    [...schemas, 'Sizes', 'additionalProperties', 'minimum'],
    -1,
    /sizes.*min/,
  ),
  change(
    'the values of a map can be anything',
    [...schemas, 'Sizes', 'additionalProperties'],
    true,
    unknownRule,
  ),
  change(
    'an answer is no longer JSON',
    [...get, 'responses', '200', 'content'],
    { 'text/plain': { schema: { type: 'string' } } },
    /media type/,
  ),
  change('a list becomes an object', listed, { type: 'object' }, /type/),
  change('a known error code goes', field(problem, 'code', 'enum'), ['BAD'], /Problem\.code.*`WORSE`/),
  change('a field has to be sent', [...request, 'required'], ['name', 'note'], /`note`.*required/),
  {
    title: 'a new field has to be sent',
    edits: [
      [field(request, 'extra'), plain],
      [
        [...request, 'required'],
        ['name', 'extra'],
      ],
    ],
    says: /new required request property `extra`/,
  },
  change(
    'a field can no longer be sent',
    field(request, 'note'),
    undefined,
    /removed the request property `note`/,
  ),
  change('a field can no longer be null', field(request, 'note', 'type'), 'string', /`note`.*null/),
  change('a text must be shorter', field(request, 'name', 'maxLength'), 10, /`name`.*maxLength/i),
  change('a text must be longer', field(request, 'name', 'minLength'), 10, /`name`.*minLength/i),
  change('a text must look otherwise', field(request, 'name', 'pattern'), '^x', /pattern/),
  change('a text gets a pattern', field(request, 'note', 'pattern'), '^x', /pattern/),
  change('a text gets a format', field(request, 'name', 'format'), 'uri', /format/),
  change('a text gets another format', field(request, 'owner', 'format'), 'uri', /format/),
  change('a number must be lower', field(request, 'weight', 'maximum'), 10, /`weight`.*max/),
  change('a number must be below', field(request, 'weight', 'exclusiveMaximum'), 10, /`weight`/),
  change('a number must be even', field(request, 'weight', 'multipleOf'), 2, /multiple/i),
  change('a value can no longer be sent', field(request, 'colour', 'enum'), ['red'], /`blue`/),
  change('only one value can be sent', field(request, 'name', 'const'), 'x', /const/),
  change('some value cannot be sent', field(request, 'name', 'not'), { const: 'x' }, unknownRule),
  change('one of two must be sent', field(request, 'name', 'oneOf'), [{ const: 'x' }], unknownRule),
  change('any of two must be sent', field(request, 'name', 'anyOf'), [{ const: 'x' }], unknownRule),
  change('two must be sent together', [...request, 'dependentRequired'], { note: ['owner'] }, /dependent/i),
  change('a condition is added', [...request, 'if'], { required: ['note'] }, /`if`|if/),
  {
    title: 'a condition changes',
    before: [
      [[...request, 'if'], { required: ['note'] }],
      [[...request, 'then'], { required: ['owner'] }],
    ],
    edits: [
      [[...request, 'if'], { required: ['note'] }],
      [[...request, 'then'], { required: ['weight'] }],
    ],
    says: /then.+no rule knows/,
  },
  {
    title: 'more must be sent together',
    before: [[[...request, 'dependentRequired'], { note: ['owner'] }]],
    edits: [[[...request, 'dependentRequired'], { note: ['owner', 'weight'] }]],
    says: /dependent/i,
  },
  change('some names cannot be sent', [...request, 'propertyNames'], { maxLength: 3 }, /property ?names/i),
  change('fewer fields can be sent', [...request, 'maxProperties'], 1, /max ?properties/i),
  change('more fields have to be sent', [...request, 'minProperties'], 2, /min ?properties/i),
  change('fewer items can be sent', field(request, 'marks', 'maxItems'), 2, /`marks`.*maxItems/i),
  change('more items have to be sent', field(request, 'marks', 'minItems'), 2, /`marks`.*minItems/i),
  change('items must differ', field(request, 'marks', 'uniqueItems'), true, /unique/i),
  change('items must be shorter', field(request, 'marks', 'items', 'maxLength'), 2, /marks.*maxLength/i),
  change('a text must be encoded', field(request, 'note', 'contentEncoding'), 'base64', /encoding/i),
  change('a field is only read', field(request, 'name', 'readOnly'), true, /read-?only/i),
  change('a default changes', field(request, 'colour', 'default'), 'blue', /default/),
  change('a default comes', field(request, 'owner', 'default'), 'x', /default/),
  change('a default goes', field(request, 'colour', 'default'), undefined, /default/),
  undone('unknown fields are refused', [...request, 'additionalProperties'], undefined, /are refused now/),
  undone('a body has to be sent', [...create, 'requestBody', 'required'], undefined, /required/),
  change(
    'another media type has to be sent',
    [...create, 'requestBody', 'content'],
    { 'text/plain': {} },
    /media/,
  ),
  change('nothing can be sent any more', [...create, 'requestBody'], undefined, /body/),
];

const parameters: readonly ShapeChange[] = [
  change(
    'a query parameter goes',
    [...list, 'parameters', 0],
    undefined,
    /deleted the `query` request parameter/,
  ),
  change('Idempotency-Key goes', [...create, 'parameters', 0], undefined, /idempotency-key/),
  change(
    'a query parameter has to be sent',
    [...list, 'parameters', 3],
    { name: 'x', in: 'query', required: true, schema: plain },
    /new required `query` request parameter `x`/,
  ),
  change('a parameter has another default', [...limit, 'schema', 'default'], 7, /default/),
  change('a parameter must be lower', [...limit, 'schema', 'maximum'], 7, /`limit`.*max/),
  change('a parameter must be higher', [...limit, 'schema', 'minimum'], 7, /`limit`.*min/),
  change('a parameter must be shorter', [...text, 'maxLength'], 2, /`text`.*maxLength/i),
  change('a parameter must be longer', [...text, 'minLength'], 2, /`text`.*minLength/i),
  change('a parameter must look otherwise', [...text, 'pattern'], '^x', /`text`.*pattern|pattern.*`text`/),
  change('a parameter takes a value less', [...list, 'parameters', 0, 'schema', 'enum'], ['red'], /`blue`/),
  change('a parameter takes one value', [...text, 'const'], 'x', unknownRule),
  change('a parameter takes a value not', [...text, 'not'], { const: 'x' }, unknownRule),
  change('a parameter is written otherwise', [...list, 'parameters', 0, 'explode'], false, unknownRule),
  change('a path parameter has another format', [...id, 'schema', 'format'], 'uri', /`ring_id`/),
  {
    title: 'a path parameter is called otherwise',
    before: [[['paths', '/rings/{ring_id}'], atRing]],
    edits: [
      [[...id, 'name'], 'id'],
      [['paths', '/rings/{id}'], atRing],
      [['paths', '/rings/{ring_id}'], undefined],
    ],
    says: /became `GET \/rings\/\{id\}`/,
  },
];

const answers: readonly ShapeChange[] = [
  change('ETag goes', [...headers, 'ETag'], undefined, /`etag`/),
  change('Link goes', [...list, 'responses', '200', 'headers', 'Link'], undefined, /`link`/),
  change('ETag is no longer sure', ['components', 'headers', 'ETag', 'required'], false, /`etag`.*optional/),
  change('ETag looks otherwise', ['components', 'headers', 'ETag', 'schema', 'pattern'], '^x', unknownRule),
  change(
    'a header has another type',
    [...headers, 'Retry-After', 'schema', 'type'],
    'string',
    /`retry-after`/,
  ),
  change('a header can be lower', [...headers, 'Retry-After', 'schema', 'minimum'], -1, /`retry-after`/),
  change('a header can be higher', [...headers, 'Retry-After', 'schema', 'maximum'], 99, /`retry-after`/),
  change('a header can be longer', [...headers, 'Location', 'schema', 'maxLength'], 999, /`location`/),
  change('a header can be shorter', [...headers, 'Location', 'schema', 'minLength'], 0, /`location`/),
  change('a header has another format', [...headers, 'Location', 'schema', 'format'], 'uuid', /`location`/),
  change('a header has another value', [...headers, 'Cache-Control', 'schema', 'const'], 'x', unknownRule),
  change('a success goes', [...create, 'responses', '201'], undefined, /`201`/),
  change('a success is new', [...create, 'responses', '202'], { description: 'Later.' }, /`202`/),
  {
    title: 'an error moves to another status',
    edits: [
      [[...create, 'responses', '409'], undefined],
      [[...create, 'responses', '422'], shared],
    ],
    says: /removed.*`409`/,
  },
  change('an answer leads on', [...get, 'responses', '200', 'links'], { next: {} }, unknownRule),
];

const names: readonly ShapeChange[] = [
  change('an operation goes', create, undefined, /removed, without announcement/),
  change('an operation is called otherwise', [...create, 'operationId'], 'makeRing', /`createRing`/),
  {
    title: 'an operation moves',
    edits: [
      [
        ['paths', '/circles'],
        { get: { operationId: 'listRings', 'x-required-role': 'public', responses: {} } },
      ],
      [list, undefined],
    ],
    says: /became `GET \/circles`/,
  },
  change('an operation belongs elsewhere', [...create, 'tags'], ['Other'], /tag/),
  {
    title: 'a type is called otherwise',
    edits: [
      [[...schemas, 'Measures'], { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } }],
      [field(ring, 'sizes'), { $ref: '#/components/schemas/Measures' }],
      [[...schemas, 'Sizes'], undefined],
    ],
    says: /`Sizes`/,
  },
  change('the server is elsewhere', ['servers'], [{ url: '/v2' }], unknownRule),
  change('one path is elsewhere', ['paths', '/rings', 'servers'], [{ url: '/v2' }], unknownRule),
  change('one operation is elsewhere', [...list, 'servers'], [{ url: '/v2' }], unknownRule),
  change('an operation calls back', [...list, 'callbacks'], { done: {} }, unknownRule),
  change(
    'tokens are sent otherwise',
    ['components', 'securitySchemes', 'bearerAuth', 'scheme'],
    'basic',
    /scheme/,
  ),
  change('a list is no longer sure to grow', field(problem, 'code', 'x-may-grow'), undefined, unknownRule),
];

export const breakingShapes = [...bodies, ...parameters, ...answers, ...names];

export const compatibleShapes: readonly ShapeChange[] = [
  change('an answer has a new field', field(ring, 'extra'), plain, /`extra`/),
  change('a field of an answer is never null', field(ring, 'note', 'type'), 'string', /`note`/),
  change('a value of an answer goes', field(ring, 'colour', 'enum'), ['red'], /`blue`/),
  change('a text of an answer is shorter', field(ring, 'name', 'maxLength'), 5, /maxLength/i),
  change('an error code is new', field(problem, 'code', 'enum', 2), 'WORST', /Problem\.code.*`WORST`/),
  change('unknown fields do not come', [...ring, 'additionalProperties'], false, /are refused now/),
  change('unknown fields are taken', [...request, 'additionalProperties'], undefined, /are possible now/),
  change('a new field can be sent', field(request, 'extra'), plain, /`extra`/),
  change('a longer text can be sent', field(request, 'name', 'maxLength'), 999, /maxLength/i),
  change('a new value can be sent', field(request, 'colour', 'enum', 2), 'green', /`green`/),
  change('a pattern goes', field(request, 'name', 'pattern'), undefined, /pattern/),
  change('null can be sent', field(request, 'name', 'type'), ['string', 'null'], /`name`/),
  change('a field need not be sent', [...request, 'required'], [], /`name`/),
  change('a new header comes', [...headers, 'Extra'], { schema: plain }, /`extra`/),
  change(
    'a header gets a pattern',
    [...headers, 'Location', 'schema', 'pattern'],
    '^/',
    /`responses.200.headers.Location.schema.pattern`: has the pattern/,
  ),
  change('a new error comes', [...create, 'responses', '404'], shared, /`404`/),
  change('an error does not come', [...create, 'responses', '409'], undefined, /`409`/),
  change(
    'a query parameter is new',
    [...list, 'parameters', 3],
    { name: 'x', in: 'query', schema: plain },
    /new optional `query` request parameter `x`/,
  ),
  {
    title: 'an operation is new',
    edits: [
      [
        ['paths', '/rings', 'put'],
        { operationId: 'updateRings', 'x-required-role': 'authenticated', responses: {} },
      ],
    ],
    says: /added/,
  },
  change('a field of an answer is deprecated', field(ring, 'note', 'deprecated'), true, /`note`.*deprecated/),
  change('a field to send is deprecated', field(request, 'note', 'deprecated'), true, /`note`.*deprecated/),
  change('a parameter is deprecated', [...limit, 'deprecated'], true, /`limit`.*deprecated/),
  {
    title: 'an operation is deprecated',
    edits: [
      [[...list, 'deprecated'], true],
      [[...list, 'x-deprecated-since'], '2097-01-01'],
      [[...list, 'x-sunset'], '2097-07-01'],
    ],
    says: /deprecated/,
  },
];

export const wordChanges: readonly Omit<ShapeChange, 'says'>[] = [
  { title: 'the description of an operation', edits: [[[...list, 'description'], 'Each ring.']] },
  { title: 'the summary of an operation', edits: [[[...list, 'summary'], 'Rings']] },
  { title: 'the description of a type', edits: [[[...ring, 'description'], 'Round.']] },
  { title: 'the description of a field', edits: [[field(ring, 'name', 'description'), 'Its name.']] },
  { title: 'the description of a parameter', edits: [[[...limit, 'description'], 'How many.']] },
  { title: 'the description of an answer', edits: [[[...get, 'responses', '200', 'description'], 'It.']] },
  { title: 'an example', edits: [[[...ring, 'examples'], []]] },
  { title: 'the description of a server', edits: [[['servers', 0, 'description'], 'Here.']] },
  { title: 'whom a server is for', edits: [[['servers', 0, 'x-internal'], false]] },
  { title: 'the introduction', edits: [[['info', 'description'], 'About rings.']] },
];
