import test from 'ava';
import fc from 'fast-check';
import { hashPassword, verifyPassword } from '../src/core/passwords.ts';
import { password } from './helpers/people.ts';
import {
  composed,
  currentHash,
  damagedHashes,
  decomposed,
  legacyHash,
  ofEarlierBackend,
  outdatedHashes,
  strongEnoughHashes,
} from './helpers/stored-hashes.ts';

for (const { title, password: typed, stored } of ofEarlierBackend) {
  test(`A hash of the earlier backend ${title} verifies, and for its password only`, async (t) => {
    t.true(await verifyPassword(stored, typed));
    t.false(await verifyPassword(stored, `${typed}!`));
    t.false(await verifyPassword(stored, typed.slice(0, -1)));
  });
}

test('A hash of the earlier backend is tried with the password as it is typed, then with its letters composed', async (t) => {
  t.true(await verifyPassword(composed.stored, decomposed.password));
  t.true(await verifyPassword(decomposed.stored, decomposed.password));
  t.false(await verifyPassword(decomposed.stored, composed.password));
});

for (const [title, stored] of Object.entries({ ...outdatedHashes, ...strongEnoughHashes })) {
  test(`A hash ${title} verifies, and for its password only`, async (t) => {
    t.true(await verifyPassword(stored, password));
    t.false(await verifyPassword(stored, `${password}!`));
    t.false(await verifyPassword(stored, password.toUpperCase()));
  });
}

test('A password verifies in all its length, 128 characters of four bytes', async (t) => {
  const long = '𐓏'.repeat(128);
  const stored = await hashPassword(long);
  t.true(await verifyPassword(stored, long));
  t.false(await verifyPassword(stored, `${'𐓏'.repeat(127)}𐓎`));
});

test('No password verifies for an unknown account, not even that of the hash in its place', async (t) => {
  t.false(await verifyPassword(undefined, 'the password of no account'));
});

for (const [title, stored] of Object.entries(damagedHashes)) {
  test(`Against ${title} no password verifies`, async (t) => {
    for (const typed of [password, stored, '']) t.false(await verifyPassword(stored, typed));
  });
}

test('Whatever is kept in place of a hash, verifying answers', async (t) => {
  const damaged = fc
    .tuple(
      fc.constantFrom(currentHash, legacyHash),
      fc.nat({ max: legacyHash.length - 1 }),
      fc.constantFrom('', '$', '=', ',', '.', '+', '/', 'm', 't', 'p', '0', '1', '9', 'A', '-', ' ', 'é'),
    )
    .map(([stored, at, put]) => stored.slice(0, at) + put + stored.slice(at + 1));
  const property = fc.asyncProperty(damaged, async (stored) => {
    const matches = await verifyPassword(stored, 'not this one');
    if (matches) throw new Error('not the password');
  });
  await fc.assert(property, { numRuns: 100, includeErrorInReport: true });
  t.pass();
});

/** The processor's time in milliseconds, which unlike the clock's does not depend on what else the machine does. */
async function work(verifying: () => Promise<boolean>): Promise<number> {
  const before = process.cpuUsage();
  await verifying();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.serial('A wrong password takes the same work whatever is kept, a right one only its own', async (t) => {
  const kept = { nothing: undefined, argon2id: currentHash, PBKDF2: legacyHash, 'no hash': 'none' };
  const wrong = { plain: 'not this one', decomposed: 'not this one e\u0301' };
  const sums = new Map<string, number>();
  const measure = async (name: string, stored: string | undefined, typed: string) => {
    sums.set(name, (sums.get(name) ?? 0) + (await work(() => verifyPassword(stored, typed))));
  };
  // In turn, so that whatever else this process does befalls all of them alike.
  for (let round = 0; round < 20; round += 1) {
    for (const [form, typed] of Object.entries(wrong))
      for (const [kind, stored] of Object.entries(kept)) await measure(`${kind}, ${form}`, stored, typed);
    await measure('argon2id, right', currentHash, password);
    await measure('PBKDF2, right', legacyHash, password);
  }
  for (const [name, sum] of sums) t.log(`${name}: ${(sum / 20).toFixed(1)} ms`);

  const ofUnknown = (name: string, form: string) =>
    (sums.get(name) ?? 0) / (sums.get(`nothing, ${form}`) ?? 0);
  for (const form of Object.keys(wrong)) {
    for (const kind of Object.keys(kept)) {
      const ratio = ofUnknown(`${kind}, ${form}`, form);
      t.true(
        ratio > 0.8 && ratio < 1.25,
        `${kind}, ${form}: ${ratio.toFixed(2)} times that of an unknown account`,
      );
    }
  }
  for (const kind of ['argon2id', 'PBKDF2']) t.true(ofUnknown(`${kind}, right`, 'plain') < 0.8, kind);
});
