import { randomUUID } from 'node:crypto';
import test from 'ava';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { logIn, password, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
test.after.always(() => service.stop());

function newEmail(): string {
  return `${randomUUID()}@example.org`;
}

test('POST /api/auth/signup answers 201 with the account and tokens that work', async (t) => {
  const email = newEmail();
  const { body } = await service.call('signUp', 201, {
    body: { email, password, display_name: 'Facilitator' },
  });
  t.deepEqual(body.user, {
    id: body.user.id,
    email,
    display_name: 'Facilitator',
    avatar_url: null,
    locale: null,
    is_active: true,
    is_platform_admin: false,
  });
  t.is(body.tokens.token_type, 'bearer');
  t.is(body.tokens.expires_in, 1800);
  const me = await service.call('getMe', 200, { as: body.tokens });
  t.deepEqual(me.body, body.user);
});

test('POST /api/auth/signup keeps the e-mail in lower case', async (t) => {
  const email = newEmail();
  const { body } = await service.call('signUp', 201, { body: { email: email.toUpperCase(), password } });
  t.is(body.user.email, email);
});

test('POST /api/auth/signup answers 409 for an e-mail that is taken, in any letter case', async (t) => {
  const { email } = await signUp(service);
  const { body } = await service.call('signUp', 409, { body: { email: email.toUpperCase(), password } });
  t.is(body.code, 'EMAIL_TAKEN');
});

test('POST /api/auth/signup makes one account of twenty that ask for the same e-mail at once', async (t) => {
  const email = newEmail();
  const answers = await twentyAtOnce(() =>
    service.send({
      method: 'POST',
      path: '/api/auth/signup',
      body: JSON.stringify({ email: Math.random() < 0.5 ? email : email.toUpperCase(), password }),
    }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
  for (const { body } of answers.slice(1)) t.like(body, { code: 'EMAIL_TAKEN' });
  t.is((await service.context.database('users').where({ email })).length, 1);
});

test('POST /api/auth/signup takes an empty display name as none', async (t) => {
  for (const display_name of ['', null]) {
    const { body } = await service.call('signUp', 201, {
      body: { email: newEmail(), password, display_name },
    });
    t.is(body.user.display_name, null);
  }
});

for (const [title, sent] of Object.entries({
  '8 characters': 'kviwesmu',
  '128 characters': 'p'.repeat(128),
  '8 characters outside of the basic plane': '𐓏𐓘𐓻𐓘𐓻𐓟𐓤𐓣',
  '128 characters outside of the basic plane': '𐓏'.repeat(128),
  'spaces at both ends': ' quiet words ',
})) {
  test(`POST /api/auth/signup takes a password of ${title}, and nothing but it signs in`, async (t) => {
    const email = newEmail();
    await service.call('signUp', 201, { body: { email, password: sent } });
    await service.call('logIn', 200, { body: { email, password: sent } });
    await service.call('logIn', 401, { body: { email, password: `${sent.slice(0, -2)}?` } });
    t.pass();
  });
}

const wrongSignUps: readonly [title: string, field: string, wrong: Record<string, unknown>][] = [
  ['a password of 7 characters', 'password', { password: 'p'.repeat(7) }],
  ['a password of 129 characters', 'password', { password: 'p'.repeat(129) }],
  ['a password with NUL', 'password', { password: 'four quiet\u0000words' }],
  ['a password with half a surrogate pair', 'password', { password: 'four quiet\ud800words' }],
  ['a password that is a number', 'password', { password: 12_345_678 }],
  ['an e-mail without @', 'email', { email: 'somebody.example.org' }],
  ['an e-mail over 254 characters', 'email', { email: `${'a'.repeat(250)}@example.org` }],
  ['an e-mail with letters that have no one lower case', 'email', { email: 'İ@example.org' }],
  ['a display name over 120 characters', 'display_name', { display_name: 'n'.repeat(121) }],
  ['the wish to be an admin', 'is_platform_admin', { is_platform_admin: true }],
];

for (const [title, field, wrong] of wrongSignUps) {
  test(`POST /api/auth/signup answers 400 for ${title}`, async (t) => {
    const { status, body } = await service.send({
      method: 'POST',
      path: '/api/auth/signup',
      body: JSON.stringify({ email: newEmail(), password, ...wrong }),
    });
    t.like({ status, body }, { status: 400, body: { code: 'VALIDATION_ERROR' } });
    const { errors } = body as { errors: { in: string; path: string }[] };
    t.deepEqual([errors[0]?.in, errors[0]?.path], ['body', field]);
    t.false(JSON.stringify(body).includes(password));
  });
}

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`Sign-in operations that take a body answer ${status} for ${title}`, async (t) => {
    const as = await signUp(service);
    for (const name of ['signup', 'login', 'refresh', 'logout']) {
      const answer = await service.send({ method: 'POST', path: `/api/auth/${name}`, ...sent });
      t.like(answer, { status, body: { code } }, name);
    }
    const me = await service.send({ method: 'PATCH', path: '/api/auth/me', as, ...sent });
    t.like(me, { status, body: { code } });
  });
}

test('Sign-in operations answer 400 for a body without its fields', async (t) => {
  for (const [name, missing] of [
    ['signup', ['email', 'password']],
    ['login', ['email', 'password']],
    ['refresh', ['refresh_token']],
    ['logout', ['refresh_token']],
  ] as const) {
    const { status, body } = await service.send({ method: 'POST', path: `/api/auth/${name}`, body: '{}' });
    t.is(status, 400);
    t.deepEqual((body as { errors: { path: string }[] }).errors.map(({ path }) => path).sort(), [...missing]);
  }
});

test('Operations without a query refuse one', async (t) => {
  const as = await signUp(service);
  for (const [method, name] of [
    ['GET', 'me'],
    ['GET', 'my-roles'],
    ['GET', 'my-managed-orgs'],
    ['GET', 'sessions'],
    ['POST', 'logout-all'],
  ] as const) {
    const answer = await service.send({ method, path: `/api/auth/${name}?colour=blue`, as });
    t.like(answer, { status: 400, body: { errors: [{ in: 'query', path: 'colour' }] } }, name);
  }
  await service.call('getMe', 200, { as });
});

test('POST /api/auth/login answers 200 for the e-mail in any letter case', async (t) => {
  const { id, email } = await signUp(service);
  const { body } = await service.call('logIn', 200, { body: { email: email.toUpperCase(), password } });
  t.is(body.user.id, id);
  const me = await service.call('getMe', 200, { as: body.tokens });
  t.deepEqual(me.body, body.user);
});

test('POST /api/auth/login takes a password however its letters are composed', async (t) => {
  const [composed, decomposed] = ['s\u00f8n og datter \u00e9', 's\u00f8n og datter e\u0301'];
  const [one, other] = [newEmail(), newEmail()];
  await service.call('signUp', 201, { body: { email: one, password: composed } });
  await service.call('signUp', 201, { body: { email: other, password: decomposed } });
  await service.call('logIn', 200, { body: { email: one, password: decomposed } });
  await service.call('logIn', 200, { body: { email: other, password: composed } });
  await service.call('logIn', 401, { body: { email: one, password: 's\u00f8n og datter e' } });
  t.pass();
});

test('POST /api/auth/login answers an unknown account like a wrong password', async (t) => {
  const { email } = await signUp(service);
  const headers = { 'X-Request-Id': 'one-and-the-same' };
  const [wrong, unknown] = await Promise.all(
    [email, newEmail()].map((asked) =>
      service.call('logIn', 401, { headers, body: { email: asked, password: 'not this one' } }),
    ),
  );
  t.is(wrong?.body.detail, 'Invalid credentials');
  t.deepEqual(unknown?.body, wrong?.body);
  // Each of the two uses up a little of the address's limit; all else of the limits is alike.
  const shown = (headersOf: Headers | undefined) =>
    [...(headersOf ?? [])]
      .filter(([name]) => name !== 'date')
      .map(([name, value]) => [name, value.replaceAll(/\b[rt]=\d+/g, '')]);
  t.deepEqual(shown(unknown?.headers), shown(wrong?.headers));
});

test('POST /api/auth/login answers 403 for a deactivated account, but only with the right password', async (t) => {
  const person = await signUp(service);
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  const { body } = await service.call('logIn', 403, { body: { email: person.email, password } });
  t.is(body.code, 'FORBIDDEN');
  const wrong = await service.call('logIn', 401, {
    body: { email: person.email, password: 'not this one' },
  });
  t.is(wrong.body.detail, 'Invalid credentials');
});

test('GET /api/auth/me shows nothing of the password', async (t) => {
  const { body } = await service.call('getMe', 200, { as: await signUp(service) });
  t.deepEqual(Object.keys(body).sort(), [
    'avatar_url',
    'display_name',
    'email',
    'id',
    'is_active',
    'is_platform_admin',
    'locale',
  ]);
});

test('PATCH /api/auth/me changes the fields that it names and no other', async (t) => {
  const as = await signUp(service);
  const avatar_url = 'https://example.org/avatars/facilitator.png';
  await service.call('updateMe', 200, { as, body: { display_name: 'Facilitator', avatar_url } });
  const { body } = await service.call('updateMe', 200, { as, body: { locale: 'sw-KE' } });
  t.like(body, { display_name: 'Facilitator', avatar_url, locale: 'sw-KE' });
  t.deepEqual((await service.call('getMe', 200, { as })).body, body);
});

for (const [title, nothing] of [
  ['null', null],
  ['an empty text', ''],
] as const) {
  test(`PATCH /api/auth/me clears a field by ${title}`, async (t) => {
    const as = await signUp(service);
    await service.call('updateMe', 200, {
      as,
      body: { display_name: 'Facilitator', avatar_url: 'http://example.org/a.png', locale: 'da' },
    });
    const { body } = await service.call('updateMe', 200, {
      as,
      body: { display_name: nothing, avatar_url: nothing, locale: nothing },
    });
    t.like(body, { display_name: null, avatar_url: null, locale: null });
  });
}

for (const [title, body] of [
  ['an empty body', {}],
  ['an unknown field', { display_name: 'Facilitator', nickname: 'F' }],
  ['another e-mail', { email: 'somebody@example.org' }],
  ['the wish to be an admin', { is_platform_admin: true }],
  ['a picture that is a script', { avatar_url: 'javascript:alert(1)' }],
  ['a picture within the request', { avatar_url: 'data:image/png;base64,AAAA' }],
  ['a locale that is none', { locale: 'da_DK' }],
  ['a display name over 120 characters', { display_name: 'n'.repeat(121) }],
  ['a display name with NUL', { display_name: 'a\u0000b' }],
] as const) {
  test(`PATCH /api/auth/me answers 400 for ${title} and changes nothing`, async (t) => {
    const person = await signUp(service);
    const answer = await service.send({
      method: 'PATCH',
      path: '/api/auth/me',
      as: person,
      body: JSON.stringify(body),
    });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } });
    const { body: me } = await service.call('getMe', 200, { as: person });
    t.like(me, { email: person.email, display_name: null, avatar_url: null, locale: null });
  });
}

test('Answers with tokens are never stored, all others are asked for again', async (t) => {
  const cacheControl = ({ headers }: { headers: Headers }) => headers.get('Cache-Control');
  const email = newEmail();
  const signedUp = await service.call('signUp', 201, { body: { email, password } });
  const signedIn = await service.call('logIn', 200, { body: { email, password } });
  const { refresh_token } = signedIn.body.tokens;
  const refreshed = await service.call('refreshTokens', 200, { body: { refresh_token } });
  t.deepEqual([signedUp, signedIn, refreshed].map(cacheControl), ['no-store', 'no-store', 'no-store']);

  const as = await logIn(service, { email });
  const others = [
    await service.call('getMe', 200, { as }),
    await service.call('updateMe', 200, { as, body: { locale: 'da' } }),
    await service.call('listSessions', 200, { as }),
    await service.call('listMyRoles', 200, { as }),
    await service.call('listMyManagedOrganizations', 200, { as }),
  ];
  for (const each of others) t.is(cacheControl(each), 'private, no-cache');
});
