import test from 'ava';
import { compareContracts, type Comparison } from '../scripts/contract-diff/compare.ts';
import { gained, lost } from '../scripts/contract-diff/rights.ts';
import { refusalsOf } from '../scripts/contract-diff/refusals.ts';
import { isAtLeast, leastVersion } from '../scripts/contract-diff/version.ts';
import { alternativeInWords } from '../openapi/lint/required-role-in-words.ts';
import { parseRequiredRole } from '../src/http/required-role.ts';
import { changedShapes, type Edit } from './helpers/contract-changes.ts';

const list = ['paths', '/rings', 'get'];
const create = ['paths', '/rings', 'post'];

const everyone = 'everyone';
const signedIn = 'every signed-in user';
const stranger = 'whoever is not signed in';
const others = 'whoever holds none of the roles';
const admin = 'platform:admin';
const self = 'user:{path.user_id}';

for (const [before, after, gains, losses] of [
  ['public', 'public', [], []],
  ['public', 'authenticated', [], [stranger]],
  ['public', [admin], [], [others]],
  ['authenticated', 'public', [stranger], []],
  ['authenticated', 'authenticated', [], []],
  ['authenticated', [admin, self], [], [others]],
  [[admin], 'public', [everyone], []],
  [[admin], 'authenticated', [signedIn], []],
  [[admin], [admin], [], []],
  [[admin, self], [self, admin], [], []],
  [[admin], [admin, self], ['the user named by `user_id` in the path'], []],
  [[admin, self], [admin], [], ['the user named by `user_id` in the path']],
  [[self], [admin], ['platform admin'], ['the user named by `user_id` in the path']],
  [
    ['user:{path.user_id}'],
    ['user:{query.user_id}'],
    ['the user named by `user_id` in the query'],
    ['the user named by `user_id` in the path'],
  ],
  [
    ['project:{path.project_id}:manager'],
    ['project:{path.project_id}:member'],
    ['member of the project named by `project_id` in the path'],
    [],
  ],
  [
    ['project:{path.project_id}:member'],
    ['project:{path.project_id}:manager'],
    [],
    ['member of the project named by `project_id` in the path'],
  ],
  [
    ['project:{path.project_id}:member'],
    ['project:{path.project_id}:member', 'project:{path.project_id}:manager'],
    [],
    [],
  ],
  [['project:*:manager'], ['project:*:manager', 'project:{path.project_id}:manager'], [], []],
  [['project:{path.project_id}:manager'], ['project:*:manager'], ['manager of any project'], []],
  [
    ['project:*:manager'],
    ['project:*:manager', 'project:{path.project_id}:member'],
    ['member of the project named by `project_id` in the path'],
    [],
  ],
  [
    ['organization:*:manager'],
    ['project:*:manager'],
    ['manager of any project'],
    ['manager of any organization'],
  ],
  [
    ['organization:{path.organization_id}:member'],
    ['organization:{body.organization_id}:member'],
    ['member of the organization named by `organization_id` in the body'],
    ['member of the organization named by `organization_id` in the path'],
  ],
  [['app:*:*'], ['app:*:*', 'app:avita:admin', 'app:*:viewer', 'app:{query.app_key}:*'], [], []],
  [['app:avita:*'], ['app:avita:admin'], [], ['any role in the app `avita`']],
  [['app:avita:admin'], ['app:avita:viewer'], ['viewer of the app `avita`'], ['admin of the app `avita`']],
  [
    ['app:avita:admin'],
    ['app:{body.app_key}:admin', 'app:avita:admin'],
    ['admin of the app named by `app_key` in the body'],
    [],
  ],
  [['app:*:admin'], ['app:*:admin', 'access_request:{path.request_id}:admin'], [], []],
  [
    ['app:*:viewer'],
    ['app:*:viewer', 'access_request:{path.request_id}:admin'],
    ['admin of the app that the request for access named by `request_id` in the path is for'],
    [],
  ],
  [['access_request:{path.request_id}:admin'], ['app:*:admin'], ['admin of any app'], []],
] as const) {
  const words = [before, after].map((role) => (typeof role === 'string' ? role : role.join(' or ')));
  test(`from ${words.join(' to ')}`, (t) => {
    const roles = [before, after].map(parseRequiredRole) as [
      ReturnType<typeof parseRequiredRole>,
      ReturnType<typeof parseRequiredRole>,
    ];
    const inWords = (who: ReturnType<typeof gained>) =>
      who.map((each) => (typeof each === 'string' ? each : alternativeInWords(each)));
    t.deepEqual(inWords(gained(...roles)), [...gains]);
    t.deepEqual(inWords(lost(...roles)), [...losses]);
  });
}

/** As if nothing else had changed. */
function compare(before: readonly Edit[], after: readonly Edit[], today = '2027-03-01'): Promise<Comparison> {
  return compareContracts(changedShapes(before), changedShapes(after), () => Promise.resolve([]), today);
}

const codes = (comparison: Comparison) => refusalsOf(comparison, [], true).map(({ code }) => code);

test('a role more is a gain that has to be allowed, and no client breaks', async (t) => {
  const comparison = await compare(
    [],
    [
      [
        [...create, 'x-required-role'],
        ['platform:admin', 'app:*:admin'],
      ],
    ],
  );
  t.deepEqual(comparison.rights, {
    gains: [
      '`POST /rings` (createRing) opens to admin of any app. Before: platform admin. Now: platform admin, or admin of any app.',
    ],
    losses: [],
    notes: [],
  });
  t.false(comparison.isBreaking);
  t.true(comparison.isWidening);
  t.deepEqual(codes(comparison), [4, 8]);
  t.is(comparison.version.least, '1.3.0');
});

test('a role less breaks clients', async (t) => {
  const comparison = await compare([], [[[...list, 'x-required-role'], ['platform:admin']]]);
  t.deepEqual(comparison.rights.losses, [
    '`GET /rings` (listRings) closes to whoever holds none of the roles. Before: any signed-in user. Now: platform admin.',
  ]);
  t.deepEqual(codes(comparison), [2, 8]);
  t.is(comparison.version.least, '2.0.0');
});

test('a new operation is a gain only if it is for everyone', async (t) => {
  const added = (role: unknown): Edit => [
    ['paths', '/rings', 'put'],
    { operationId: 'updateRings', 'x-required-role': role, responses: {} },
  ];
  const forAdmins = await compare([], [added(['platform:admin'])]);
  t.deepEqual(forAdmins.rights, {
    gains: [],
    losses: [],
    notes: ['`PUT /rings` (updateRings) is new, for: platform admin'],
  });
  t.deepEqual(codes(forAdmins), [8]);
  const forAll = await compare([], [added('public')]);
  t.deepEqual(forAll.rights.gains, ['`PUT /rings` (updateRings) is new, for everyone, signed in or not']);
  t.deepEqual(codes(forAll), [4, 8]);
});

test('an operation that goes is told with who could call it', async (t) => {
  const { rights } = await compare([], [[create, undefined]]);
  t.deepEqual(rights.notes, ['`POST /rings` (createRing) is gone; it was for: platform admin']);
});

test('moving an operation hides no change of its role', async (t) => {
  const moved = { operationId: 'createRing', 'x-required-role': 'public', responses: {} };
  const { rights, changes } = await compare(
    [],
    [
      [['paths', '/circles'], { post: moved }],
      [create, undefined],
    ],
  );
  t.deepEqual(rights.gains, [
    '`POST /circles` (createRing) opens to everyone. Before: platform admin. Now: everyone.',
  ]);
  t.true(changes.some(({ effect, text }) => effect === 'breaking' && text === 'became `POST /circles`'));
});

test('a role that is no longer understood gave nobody anything', async (t) => {
  const comparison = await compare([[[...create, 'x-required-role'], ['planet:admin']]], []);
  t.deepEqual(comparison.rights.gains, [
    '`POST /rings` (createRing) opens to platform admin. Before: not understood. Now: platform admin.',
  ]);
});

test('a role that is not understood stops the comparison', async (t) => {
  await t.throwsAsync(compare([], [[[...create, 'x-required-role'], ['planet:admin']]]), {
    message: /^POST \/rings: .*planet:admin/,
  });
});

test('another limit is worth a note', async (t) => {
  const limit = (quota: number): Edit => [[...list, 'x-rate-limit'], { quota }];
  const { rights, isBreaking } = await compare([limit(5)], [limit(9)]);
  t.deepEqual(rights.notes, ['`GET /rings` (listRings): `x-rate-limit` was {"quota":5} and is {"quota":9}']);
  t.false(isBreaking);
  t.deepEqual((await compare([limit(5)], [])).rights.notes, [
    '`GET /rings` (listRings): `x-rate-limit` was {"quota":5} and is not there',
  ]);
});

function ends(sunset: string): Edit[] {
  return Object.entries({ deprecated: true, 'x-deprecated-since': '2026-01-01', 'x-sunset': sunset }).map(
    ([name, value]): Edit => [[...list, name], value],
  );
}

test('what goes before its day breaks a promise, and no label allows that', async (t) => {
  const comparison = await compare(ends('2027-07-01'), [[list, undefined]]);
  t.deepEqual(comparison.brokenPromises, ['`GET /rings` is removed, but was to stay until 2027-07-01']);
  t.deepEqual(
    refusalsOf(comparison, ['breaking', 'widening'], true).map(({ code }) => code),
    [8, 16],
  );
});

test('what goes on its day breaks clients, and no promise', async (t) => {
  const { brokenPromises, changes } = await compare(ends('2027-03-01'), [[list, undefined]]);
  t.deepEqual(brokenPromises, []);
  t.deepEqual(changes, [
    { effect: 'breaking', text: 'removed, announced for 2027-03-01', operation: 'GET /rings' },
  ]);
});

test('an earlier day than the announced one breaks a promise, a later one does not', async (t) => {
  const { brokenPromises } = await compare(ends('2027-07-01'), ends('2027-06-30'));
  t.deepEqual(brokenPromises, ['`GET /rings` goes on 2027-06-30, but was to stay until 2027-07-01']);
  t.deepEqual((await compare(ends('2027-07-01'), ends('2027-07-02'))).brokenPromises, []);
});

test('what is allowed no longer stands in the way', async (t) => {
  const comparison = await compare(
    [],
    [
      [['info', 'version'], '2.0.0'],
      [[...list, 'x-required-role'], ['platform:admin']],
      [[...create, 'x-required-role'], 'public'],
    ],
  );
  const left = (...allowed: ('breaking' | 'widening')[]) =>
    refusalsOf(comparison, allowed, true).map(({ code }) => code);
  t.deepEqual(left(), [2, 4]);
  t.deepEqual(left('breaking'), [4]);
  t.deepEqual(left('widening'), [2]);
  t.deepEqual(left('breaking', 'widening'), []);
  t.deepEqual(refusalsOf(comparison, ['breaking', 'widening'], false)[0]?.code, 1);
});

for (const [before, weight, least] of [
  ['1.2.3', 'nothing', '1.2.3'],
  ['1.2.3', 'words', '1.2.4'],
  ['1.2.3', 'compatible', '1.3.0'],
  ['1.2.3', 'breaking', '2.0.0'],
  ['0.2.3', 'words', '0.2.4'],
  ['0.2.3', 'compatible', '0.2.4'],
  ['0.2.3', 'breaking', '0.3.0'],
] as const) {
  test(`after ${before}, ${weight} needs ${least}`, (t) => {
    t.is(leastVersion(before, weight), least);
  });
}

test('versions are compared as numbers', (t) => {
  for (const [version, least, isEnough] of [
    ['1.2.3', '1.2.3', true],
    ['1.10.0', '1.9.9', true],
    ['2.0.0', '1.9.9', true],
    ['1.2.2', '1.2.3', false],
    ['0.9.9', '1.0.0', false],
  ] as const) {
    t.is(isAtLeast(version, least), isEnough, `${version} ${least}`);
  }
});

for (const version of ['1.2', '1.2.3-beta', 'v1.2.3', '']) {
  test(`"${version}" is no version`, (t) => {
    t.throws(() => leastVersion(version, 'words'), { message: /three numbers/ });
  });
}
