import test from 'ava';
import { contract, type ContractDocument } from '../src/http/contract.ts';
import { readOperations } from '../src/http/operations.ts';
import { parseRateLimit } from '../src/http/rate-limit.ts';

const good = { name: 'account', per: '{body.email}', quota: 5, seconds: 60 };

function withLimit(changes: object) {
  return { counts: ['401'], limits: [{ ...good, ...changes }] };
}

test('x-rate-limit is read as it is written', (t) => {
  const caller = { name: 'a-b', per: 'caller', quota: 1, seconds: 1 };
  const limits = [{ ...good, known_devices: 10 }, caller, { ...caller, name: 'address', per: 'address' }];
  t.deepEqual(parseRateLimit({ counts: ['401', '204'], limits }), {
    counts: ['401', '204'],
    limits: [
      { name: 'account', per: { in: 'body', name: 'email' }, quota: 5, seconds: 60, knownDevicesQuota: 10 },
      { name: 'a-b', per: 'caller', quota: 1, seconds: 1, knownDevicesQuota: 1 },
      { name: 'address', per: 'address', quota: 1, seconds: 1, knownDevicesQuota: 1 },
    ],
  });
});

const wrong: readonly [title: string, value: unknown][] = [
  ['nothing', null],
  ['a text', 'address'],
  ['a list', [good]],
  ['no counts', { limits: [good] }],
  ['no limits', { counts: ['401'] }],
  ['empty counts', { counts: [], limits: [good] }],
  ['empty limits', { counts: ['401'], limits: [] }],
  ['a count that is a number', { counts: [401], limits: [good] }],
  ['a count that is no status', { counts: ['4xx'], limits: [good] }],
  ['an unknown member', { counts: ['401'], limits: [good], off: true }],
  ['two limits of one name', { counts: ['401'], limits: [good, good] }],
  ['a limit that is a text', { counts: ['401'], limits: ['address'] }],
  ['an unknown member of a limit', withLimit({ unless: 'admin' })],
  ['a name in capitals', withLimit({ name: 'Account' })],
  ['a name with a quote', withLimit({ name: 'a"b' })],
  ['an unknown subject', withLimit({ per: 'session' })],
  ['a field of the path', withLimit({ per: '{path.user_id}' })],
  ['a field that is no field', withLimit({ per: '{body.}' })],
  ['a quota of 0', withLimit({ quota: 0 })],
  ['a quota of 1001', withLimit({ quota: 1001 })],
  ['a quota of 1.5', withLimit({ quota: 1.5 })],
  ['a quota that is a text', withLimit({ quota: '5' })],
  ['0 seconds', withLimit({ seconds: 0 })],
  ['more than a day', withLimit({ seconds: 86_401 })],
  ['known devices of an address', withLimit({ per: 'address', known_devices: 10 })],
  ['known devices of another field', withLimit({ per: '{body.name}', known_devices: 10 })],
  ['no more for known devices', withLimit({ known_devices: 5 })],
  ['too much for known devices', withLimit({ known_devices: 1001 })],
];

for (const [title, value] of wrong) {
  test(`x-rate-limit with ${title} is refused`, (t) => {
    t.throws(() => parseRateLimit(value), { instanceOf: TypeError, message: /^x-rate-limit: / });
  });
}

type Editable = Record<string, unknown> & { responses: Record<string, unknown> };

/** The service reads the contract like this when it starts. */
function start(path: string, method: string, edit: (operation: Editable) => void) {
  const document = structuredClone(contract) as ContractDocument & {
    paths: Record<string, Record<string, Editable>>;
  };
  const operation = document.paths[path]?.[method];
  if (!operation) throw new TypeError(`the contract has no ${method} ${path}`);
  edit(operation);
  return readOperations(document);
}

test('the service starts with the limits of its contract', (t) => {
  const limited = start('/api/auth/login', 'post', () => undefined).filter(({ rateLimit }) => rateLimit);
  t.deepEqual(limited.map(({ id }) => id).sort(), [
    ...['changePassword', 'logIn', 'requestPasswordReset', 'resetPassword', 'signUp'],
  ]);
});

for (const [title, path, method, edit, says] of [
  [
    'a malformed limit',
    '/api/auth/login',
    'post',
    (operation: Editable) => (operation['x-rate-limit'] = { limits: [] }),
    /login logIn: x-rate-limit: expected are counts, limits/,
  ],
  [
    '429 without a limit',
    '/api/auth/login',
    'post',
    (operation: Editable) => delete operation['x-rate-limit'],
    /login logIn: x-rate-limit and 429 go together/,
  ],
  [
    'a limit without 429',
    '/api/auth/login',
    'post',
    (operation: Editable) => delete operation.responses['429'],
    /login logIn: x-rate-limit and 429 go together/,
  ],
  [
    'a limit for callers where nobody signs in',
    '/api/auth/login',
    'post',
    (operation: Editable) => (operation['x-rate-limit'] = withLimit({ per: 'caller' })),
    /login logIn: x-rate-limit needs a caller/,
  ],
  [
    'a limit by the body where there is none',
    '/api/auth/logout-all',
    'post',
    (operation: Editable) => {
      operation['x-rate-limit'] = withLimit({});
      operation.responses['429'] = {};
    },
    /logout-all logOutEverywhere: x-rate-limit needs a body/,
  ],
] as const) {
  test(`the service does not start with ${title}`, (t) => {
    t.throws(() => start(path, method, edit), { instanceOf: TypeError, message: says });
  });
}
