import { randomUUID } from 'node:crypto';
import { dictionary } from '@zxcvbn-ts/language-common';
import test from 'ava';
import { weaknessOf } from '../src/core/passwords/rules.ts';
import { readSettings, SettingError } from '../src/core/settings.ts';
import type { Answer } from './helpers/client.ts';
import { password, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const stricter = await startService({ databaseUrl: service.databaseUrl, passwordMinLength: 15 });
test.after.always(async () => {
  await stricter.stop();
  await service.stop();
});

const rules = { minLength: 8 };
const email = 'first.last@example.org';

const refused: Readonly<Record<string, readonly string[]>> = {
  'is among the most common': ['password', 'sunshine', 'qwertyuiop', 'trustno1', 'iloveyou', '1q2w3e4r'],
  'is common in another letter case': ['Password1', 'SUNSHINE', 'P@ssw0rd', 'BlackJack'],
  'is common in another form of its letters': ['blac\u212ajac\u212a'],
  'repeats a part': ['00000000', 'aaaaaaaa', '12121212', '123123123', '1234512345', 'qweqweqw', 'АААААААА'],
  'runs along the keys': [
    '12345678',
    '87654321',
    '0123456789',
    'abcdefgh',
    'asdfghjkl',
    'LKJHGFDSA',
    'qwertzui',
  ],
  'is common on another list': ['01012009', '20082009', 'Homepage-'],
  'is the e-mail address': [email, email.toUpperCase()],
  'is the part before the @': ['first.last', 'First.Last'],
  'is a name of ours': [
    'Tripod-Studio',
    'Meaning Map Generator',
    'oralbridge',
    'data_collection',
    'facilitator',
  ],
  'is names of ours with digits and signs': [
    'Tripod2026!',
    'admin.1234',
    'avita.avita',
    '!Reviewer!',
    'tripod/admin',
  ],
};

for (const [title, passwords] of Object.entries(refused)) {
  test(`A password that ${title} is refused, in words that are the same for all such`, (t) => {
    const told = passwords.map((weak) => weaknessOf(weak, email, rules) ?? `nothing for ${weak}`);
    t.is(new Set(told).size, 1, told.join(', '));
    t.regex(told[0] ?? '', /^must .*; please choose several words$/);
  });
}

test('All passwords of the list that are long enough are refused, more than the 3,000 that have to be', (t) => {
  const long = dictionary['passwords-common'].filter(({ length }) => length >= 8);
  t.true(long.length > 3_000);
  t.deepEqual(
    long.filter((weak) => weaknessOf(weak.toUpperCase(), email, rules) === undefined),
    [],
  );
});

const accepted: Readonly<Record<string, string>> = {
  'lower-case letters alone': 'kviwesmuta',
  'capitals alone': 'KVIWESMUTA',
  'digits alone': '8430175926',
  'signs alone': '&;%}^~_<',
  'spaces within and at both ends': ' a quiet  word ',
  'letters of another script': 'בראשית ברא',
  'letters beyond the basic plane': '𐓏𐓘𐓻𐓘𐓻𐓟𐓤𐓣',
  'emoji of several characters each': '👩🏽‍🌾👨‍👩‍👧',
  'control characters': 'one\ttwo\nthree\u001b',
  '64 characters, though all are the same': 'p'.repeat(64),
  '128 characters': 'one of several words '.repeat(7).slice(0, 128),
  'a common one and other words': 'password of sunshine',
  'a common one and something more': 'sunshine-kviwe',
  'the address and something more': `${email} kviwe`,
  'a name of ours and something more': 'tripod kviwe',
};

for (const [title, fine] of Object.entries(accepted)) {
  test(`A password of ${title} is taken, and nothing but it signs in`, async (t) => {
    const account = { email: `${randomUUID()}@example.org`, password: fine };
    await service.call('signUp', 201, { body: account });
    await service.call('logIn', 200, { body: account });
    const shorter = Array.from(fine).slice(0, -1).join('');
    const others = [fine.trim(), fine.toLowerCase(), fine.toUpperCase(), shorter];
    for (const other of others.filter((text) => text !== fine))
      await service.call('logIn', 401, { body: { ...account, password: other } });
    t.pass();
  });
}

function isRefused({ body }: Answer<{ code: string; detail: string; errors?: unknown }>, field: string) {
  const { code, detail, errors } = body;
  const [error] = errors as { in: string; path: string; message: string }[];
  return {
    code,
    field: [error?.in, error?.path],
    told: detail.includes(`body ${field} ${error?.message ?? '-'}`),
  };
}

function refusal(field: string) {
  return { code: 'VALIDATION_ERROR', field: ['body', field], told: true };
}

test('POST /api/auth/signup answers 400 for a common password, the e-mail and what stands before its @', async (t) => {
  const [name, address] = [randomUUID(), `${randomUUID()}@example.org`];
  for (const body of [
    { email: address, password: 'Sunshine' },
    { email: address, password: address.toUpperCase() },
    { email: `${name.toUpperCase()}@example.org`, password: name },
    { email: address, password: 'Tripod.2026' },
  ]) {
    const answer = await service.call('signUp', 400, { body });
    t.deepEqual(isRefused(answer, 'password'), refusal('password'));
    t.false(JSON.stringify(answer.body).includes(body.password));
  }
  t.deepEqual(await service.context.database('users').where({ email: address }), []);
});

test('POST /api/auth/change-password answers 400 for a weak new password, and the old one stays', async (t) => {
  const person = await signUp(service);
  const [beforeAt = ''] = person.email.split('@');
  for (const new_password of ['sunshine', person.email, beforeAt.toUpperCase(), 'admin.2026']) {
    const body = { current_password: password, new_password };
    const answer = await service.call('changePassword', 400, { as: person, body });
    t.deepEqual(isRefused(answer, 'new_password'), refusal('new_password'));
    t.false(JSON.stringify(answer.body).includes(new_password));
  }
  await service.call('logIn', 200, { body: { email: person.email, password } });
});

test('A weak password that is somebody’s since before still signs in, and can be changed', async (t) => {
  const [person, other] = [await signUp(service), await signUp(service)];
  // Of "short" and of "sunshine", by argon2-cffi.
  for (const [{ id, email }, weak, password_hash] of [
    [
      person,
      'short',
      '$argon2id$v=19$m=19456,t=2,p=1$BCF/YkQeKbdktl9wW4onDA$EuQHusZCdOPJyXp2QgFG74SwRaJlViiL6rOFXazVvwM',
    ],
    [
      other,
      'sunshine',
      '$argon2id$v=19$m=19456,t=2,p=1$AePCzNtdvY+f+r/EKlHAew$AKUYap75HVBGVXaRdUovRoy8KGzww7/46snc4A165oQ',
    ],
  ] as const) {
    await service.context.database('users').where({ id }).update({ password_hash });
    await stricter.call('logIn', 200, { body: { email, password: weak } });
    const body = { current_password: weak, new_password: password };
    await stricter.call('changePassword', 204, { as: id === person.id ? person : other, body });
    await stricter.call('logIn', 200, { body: { email, password } });
  }
  t.pass();
});

test('Where passwords have at least 15 characters, one of 14 is refused in words and one of 15 is taken', async (t) => {
  const person = await signUp(service);
  const [short, enough] = ['kviwes mutanru', 'kviwes mutanrua'];
  const signUpAnswer = await stricter.call('signUp', 400, {
    body: { email: `${randomUUID()}@example.org`, password: short },
  });
  t.deepEqual(isRefused(signUpAnswer, 'password'), refusal('password'));
  t.regex(signUpAnswer.body.detail, /at least 15 characters/);
  const body = { current_password: password, new_password: short };
  const changeAnswer = await stricter.call('changePassword', 400, { as: person, body });
  t.deepEqual(isRefused(changeAnswer, 'new_password'), refusal('new_password'));
  await stricter.call('changePassword', 204, { as: person, body: { ...body, new_password: enough } });
});

test('Characters are counted as people see them composed, not as bytes or halves of them', (t) => {
  const short = /^must have at least 8 characters$/;
  t.regex(weaknessOf('𐓏𐓘𐓻𐓘𐓻𐓟𐓤', email, rules) ?? '', short);
  t.regex(weaknessOf('e\u0301a\u0301o\u0301u\u0301', email, rules) ?? '', short);
  t.is(weaknessOf('e\u0301a\u0301o\u0301u\u0301 kvi', email, rules), undefined);
  t.is(weaknessOf('𐓏𐓘𐓻𐓟𐓤𐓣𐓘𐓻'.repeat(16), email, rules), undefined);
  t.regex(weaknessOf(`${'𐓏𐓘𐓻𐓟𐓤𐓣𐓘𐓻'.repeat(16)}.`, email, rules) ?? '', /^must have at most 128 characters$/);
});

test('PASSWORD_MIN_LENGTH is 8 unless it is set, to 64 at most', (t) => {
  t.is(readSettings({}).passwordRules.minLength, 8);
  for (const length of [8, 12, 64])
    t.is(readSettings({ PASSWORD_MIN_LENGTH: String(length) }).passwordRules.minLength, length);
  for (const wrong of ['7', '65', '0', '-8', '8.5', 'eight'])
    t.throws(() => readSettings({ PASSWORD_MIN_LENGTH: wrong }), {
      instanceOf: SettingError,
      message: 'PASSWORD_MIN_LENGTH must be a whole number from 8 to 64.',
    });
});

test('BOOTSTRAP_ADMIN_PASSWORD has to keep the rules for passwords', (t) => {
  const admin =
    (BOOTSTRAP_ADMIN_PASSWORD: string, minLength = '8') =>
    () =>
      readSettings({
        BOOTSTRAP_ADMIN_EMAIL: email,
        BOOTSTRAP_ADMIN_PASSWORD,
        PASSWORD_MIN_LENGTH: minLength,
      });
  t.like(admin(password)(), { bootstrapAdmin: { email, password } });
  for (const weak of ['seven77', 'sunshine', 'First.Last', email, 'Admin1234', '𐓏𐓘𐓻𐓟𐓤𐓣𐓘𐓻'.repeat(17)]) {
    const error = t.throws(admin(weak), {
      instanceOf: SettingError,
      message: /^BOOTSTRAP_ADMIN_PASSWORD must .+\.$/,
    });
    t.false(error.message.includes(weak));
  }
  t.throws(admin('kviwes mutanru', '15'), {
    message: 'BOOTSTRAP_ADMIN_PASSWORD must have at least 15 characters.',
  });
});
