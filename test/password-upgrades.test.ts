import test from 'ava';
import { hashPassword, verifyPassword } from '../src/core/passwords.ts';
import { User } from '../src/models/user.ts';
import { logIn as logInHere } from '../src/services/auth/logIn.ts';
import { lockWaiter } from './helpers/lock-waits.ts';
import { logIn, password, signUp, type Person } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import {
  cheapHash,
  damagedHashes,
  decomposed,
  legacyHash,
  outdatedHashes,
  strongEnoughHashes,
} from './helpers/stored-hashes.ts';
import { until } from './helpers/until.ts';

const service = await startService();
test.after.always(() => service.stop());

const ofToday = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/;
const newPassword = 'five other words in a row';
const change = { current_password: password, new_password: newPassword };

async function storedOf({ id }: { id: string }): Promise<string> {
  const user = await User.query(service.context.database).select('password_hash').findById(id);
  return user?.password_hash ?? '';
}

async function store({ id }: { id: string }, password_hash: string): Promise<void> {
  await service.context.database('users').where({ id }).update({ password_hash });
}

async function personWith(stored: string): Promise<Person> {
  const person = await signUp(service);
  await store(person, stored);
  return person;
}

async function actionsAbout(person: Person): Promise<string[]> {
  return (await eventsAbout(service, person)).map(({ action }) => action);
}

for (const [title, stored] of Object.entries(outdatedHashes)) {
  test(`The first sign-in upgrades a hash ${title}, a wrong password does not`, async (t) => {
    const person = await personWith(stored);
    const { email } = person;
    await service.call('logIn', 401, { body: { email, password: 'not this one' } });
    t.is(await storedOf(person), stored);
    await logIn(service, person);
    const upgraded = await storedOf(person);
    t.regex(upgraded, ofToday);

    await service.call('logIn', 401, { body: { email, password: 'not this one' } });
    await logIn(service, person);
    t.is(await storedOf(person), upgraded);
  });
}

for (const [title, stored] of Object.entries(strongEnoughHashes)) {
  test(`Sign-in leaves a hash ${title} as it is`, async (t) => {
    const person = await personWith(stored);
    await logIn(service, person);
    t.is(await storedOf(person), stored);
  });
}

test('After the upgrade a password signs in however its letters are composed', async (t) => {
  const { email } = await personWith(decomposed.stored);
  const asNow = decomposed.password.normalize('NFC');
  await service.call('logIn', 401, { body: { email, password: asNow } });
  for (const typed of [decomposed.password, decomposed.password, asNow])
    await service.call('logIn', 200, { body: { email, password: typed } });
  t.pass();
});

test('An upgrade ends no session and changes nothing of what is seen of the account', async (t) => {
  const person = await personWith(legacyHash);
  const before = await service.call('getMe', 200, { as: person });
  await logIn(service, person);
  const after = await service.call('getMe', 200, { as: person });
  t.is(after.headers.get('ETag'), before.headers.get('ETag'));
  t.deepEqual(await actionsAbout(person), ['user.signed_up', 'user.logged_in']);
});

test('A deactivated account with an outdated hash is not let in, and the hash stays', async (t) => {
  const person = await personWith(legacyHash);
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  await service.call('logIn', 403, { body: { email: person.email, password } });
  t.is(await storedOf(person), legacyHash);
});

test('With a hash of the earlier backend one changes the password, from it and to another', async (t) => {
  const person = await personWith(legacyHash);
  const wrong = { ...change, current_password: 'not this one' };
  await service.call('changePassword', 403, { as: person, body: wrong });
  await service.call('changePassword', 204, { as: person, body: change });
  t.regex(await storedOf(person), ofToday);
  await service.call('logIn', 200, { body: { email: person.email, password: newPassword } });
});

test('Where no hash is kept or a damaged one, sign-in answers 401 and a change of the password 403', async (t) => {
  const names = ['nothing', 'bcrypt', 'argon2id that is cut off', 'PBKDF2 with more rounds than can be'];
  for (const stored of names.map((name) => damagedHashes[name] ?? name)) {
    const person = await personWith(stored);
    await service.call('logIn', 401, { body: { email: person.email, password } });
    await service.call('changePassword', 403, { as: person, body: change });
    t.is(await storedOf(person), stored);
  }
});

// Straight to the service: it is the race for the account that is looked at, not what is let through to it.
for (const [title, stored] of Object.entries({ cheap: cheapHash, 'of the earlier backend': legacyHash })) {
  test(`Of twenty who sign in at once where the hash is ${title}, all do`, async (t) => {
    const { id, email } = await personWith(stored);
    const signedIn = await Promise.all(
      Array.from({ length: 20 }, () => logInHere(service.context, { email, password })),
    );
    t.deepEqual(new Set(signedIn.map(({ user }) => user.id)), new Set([id]));
    t.is(new Set(signedIn.map(({ tokens }) => tokens.refresh_token)).size, 20);
    t.regex(await storedOf({ id }), ofToday);
  });
}

/** Holds the account until `work` waits for it, and lets it find another hash there. */
async function meanwhileStored<Result>(
  { id }: Person,
  stored: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { database } = service.context;
  const holder = await database.transaction();
  await holder('users').where({ id }).update({ password_hash: stored });
  const progress = { isOver: false };
  const working = work().finally(() => {
    progress.isOver = true;
  });
  // It may fail before it is awaited.
  working.catch(() => undefined);
  await until('it waits for the account', async () => progress.isOver || (await lockWaiter(database)));
  await holder.commit();
  return working;
}

test.serial('A sign-in that finds the hash upgraded meanwhile looks again and succeeds', async (t) => {
  const person = await personWith(cheapHash);
  const upgraded = await hashPassword(password);
  const { id } = await meanwhileStored(person, upgraded, () => logIn(service, person));
  t.is(id, person.id);
  t.is(await storedOf(person), upgraded);
  t.deepEqual(await actionsAbout(person), ['user.signed_up', 'user.logged_in']);
});

test.serial(
  'A sign-in that finds the password changed meanwhile is refused, and the change stays',
  async (t) => {
    const person = await personWith(cheapHash);
    const changed = await hashPassword(newPassword);
    await meanwhileStored(person, changed, () =>
      service.call('logIn', 401, { body: { email: person.email, password } }),
    );
    t.is(await storedOf(person), changed);
    t.deepEqual(await actionsAbout(person), ['user.signed_up', 'user.login_failed']);
  },
);

test.serial('A change of the password that finds the hash upgraded meanwhile is made', async (t) => {
  const person = await personWith(cheapHash);
  await meanwhileStored(person, await hashPassword(password), () =>
    service.call('changePassword', 204, { as: person, body: change }),
  );
  t.true(await verifyPassword(await storedOf(person), newPassword));
});

test.serial('Of a change of the password and an upgrade at once, the change stays', async (t) => {
  const person = await signUp(service);
  const { email } = person;
  await raceInBothOrders(async (race) => {
    await store(person, cheapHash);
    const [, [signedIn]] = await race(
      () => service.call('changePassword', 204, { as: person, body: change }),
      () => Promise.allSettled([logInHere(service.context, { email, password })]),
    );
    if (signedIn.status === 'rejected') t.like(signedIn.reason, { status: 401 });
    t.true(await verifyPassword(await storedOf(person), newPassword));
  });
});
