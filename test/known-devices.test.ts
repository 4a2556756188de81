import { randomUUID } from 'node:crypto';
import test from 'ava';
import { addressNumber } from './helpers/addresses.ts';
import { guess, headersOf, statusesOf, tryToLogIn, type Device } from './helpers/guesses.ts';
import { password, platformAdmin } from './helpers/people.ts';
import { startService, type TestService } from './helpers/service.ts';

const service = await startService({ clockStands: true });
test.after.always(() => service.stop());

const days = 24 * 60;
const home = { address: '192.0.2.7', agent: 'Console/1.0' };
const abroad = { address: '203.0.113.9', agent: 'Something/2.0' };
const deviceId = 'd8f1c2a4-device-of-its-owner';

async function signUpFrom(device: Device, on: TestService = service) {
  const email = `${randomUUID()}@example.org`;
  const { body } = await on.call('signUp', 201, { headers: headersOf(device), body: { email, password } });
  return { ...body.user, ...body.tokens };
}

/** As many guesses as anyone gets from devices that the account does not know. */
async function useUpGuesses(email: string, on: TestService = service): Promise<void> {
  const statuses = await statusesOf(6, (index) => guess(on, email, { address: addressNumber(index) }));
  if (statuses.join() !== '401,401,401,401,401,429') throw new Error(statuses.join());
}

/** Whether the account, under attack, lets its owner in from there. */
async function letsIn(email: string, device: Device, on: TestService = service): Promise<boolean> {
  const { status } = await tryToLogIn(on, email, device);
  if (status !== 200 && status !== 429) throw new Error(String(status));
  return status === 200;
}

test.serial(
  'a device that signed up or in still gets in while others guess, and any other waits',
  async (t) => {
    const { email } = await signUpFrom(home);
    const other = { address: '192.0.2.8', agent: 'Tablet/3' };
    t.true(await letsIn(email, other));
    await useUpGuesses(email);
    t.true(await letsIn(email, home));
    t.true(await letsIn(email, other));
    t.false(await letsIn(email, { ...home, address: '192.0.2.9' }));
    t.false(await letsIn(email, { ...home, agent: 'Console/1.1' }));
    t.false(await letsIn(email, abroad));
  },
);

test.serial('a device named by its Device-Id gets in from any address and with any program', async (t) => {
  const { email } = await signUpFrom({ ...home, deviceId });
  await useUpGuesses(email);
  t.true(await letsIn(email, { ...abroad, deviceId }));
  t.false(await letsIn(email, { ...abroad, deviceId: `${deviceId}-not` }));
});

test.serial(
  'a Device-Id that was sent at a sign-in makes the network that it came from no device by itself',
  async (t) => {
    const { email } = await signUpFrom({ ...home, deviceId });
    await useUpGuesses(email);
    t.false(await letsIn(email, home));
  },
);

test.serial('a known browser that begins to name itself is known at once and from then on', async (t) => {
  const { email } = await signUpFrom(home);
  await useUpGuesses(email);
  t.true(await letsIn(email, { ...home, deviceId }));
  t.true(await letsIn(email, { ...abroad, deviceId }));
});

test.serial('all of an IPv6 /64 is one network', async (t) => {
  const agent = home.agent;
  const { email } = await signUpFrom({ address: '2001:db8:1:2::3', agent });
  await useUpGuesses(email);
  t.true(await letsIn(email, { address: '2001:db8:1:2:ffff::4', agent }));
  t.false(await letsIn(email, { address: '2001:db8:1:3::3', agent }));
});

test.serial('a device is known to the accounts that used it, and to no other', async (t) => {
  const [one, other] = [await signUpFrom(home), await signUpFrom(abroad)];
  await useUpGuesses(other.email);
  t.false(await letsIn(other.email, home));
  t.true(await letsIn(one.email, home));
});

test.serial('a failed sign-in makes no device known', async (t) => {
  const { email } = await signUpFrom(home);
  await guess(service, email, { ...abroad, deviceId });
  await statusesOf(4, (index) => guess(service, email, { address: addressNumber(index) }));
  t.false(await letsIn(email, { ...abroad, deviceId }));
});

test.serial('guesses are ten in a minute at most, with those from known devices', async (t) => {
  const { email } = await signUpFrom(home);
  const elsewhere = () => statusesOf(3, (index) => guess(service, email, { address: addressNumber(index) }));
  t.deepEqual(await elsewhere(), [401, 401, 401]);
  t.deepEqual(await statusesOf(5, () => guess(service, email, home)), [401, 401, 401, 401, 401]);
  t.deepEqual(await elsewhere(), [429, 429, 429]);
  t.deepEqual(await statusesOf(4, () => guess(service, email, home)), [401, 401, 429, 429]);
  t.false(await letsIn(email, home));
});

test.serial('what is left is told to a known device as it is to any other', async (t) => {
  const { email } = await signUpFrom(home);
  const lefts: (string | null)[] = [];
  for (const device of [home, abroad, home, abroad, home, home, home])
    lefts.push((await guess(service, email, device)).headers.get('RateLimit'));
  t.deepEqual(
    lefts.map((left) => /^"account";r=(\d+);t=60,/.exec(left ?? '')?.[1]),
    ['4', '3', '2', '1', '0', '0', '0'],
  );
});

test.serial('a device is forgotten after 90 days without a sign-in from it', async (t) => {
  const later = await startService({ clockStands: true });
  t.teardown(() => later.stop());
  const { email } = await signUpFrom(home, later);
  later.passMinutes(89 * days);
  await useUpGuesses(email, later);
  t.true(await letsIn(email, home, later));
  later.passMinutes(89 * days);
  await useUpGuesses(email, later);
  t.true(await letsIn(email, home, later));
  later.passMinutes(90 * days + 1);
  await useUpGuesses(email, later);
  t.false(await letsIn(email, home, later));
});

test.serial('devices that were not used for 90 days are gone from the database', async (t) => {
  const later = await startService({ clockStands: true });
  t.teardown(() => later.stop());
  const { email } = await signUpFrom(home, later);
  for (let index = 0; index < 10; index += 1)
    await tryToLogIn(later, email, { address: addressNumber(index) });
  const devices = () => later.context.database('known_devices').select('user_id');
  t.is((await devices()).length, 11);
  later.passMinutes(91 * days);
  await tryToLogIn(later, email, abroad);
  t.is((await devices()).length, 1);
});

test.serial(
  'POST /api/auth/change-password leaves only the device known that it was sent from',
  async (t) => {
    const person = await signUpFrom(home);
    t.true(await letsIn(person.email, abroad));
    const new_password = 'five other words in a row';
    await service.call('changePassword', 204, {
      as: person,
      headers: headersOf({ address: '192.0.2.200', deviceId }),
      body: { current_password: password, new_password },
    });
    await useUpGuesses(person.email);
    const signIn = async (device: Device) =>
      (await tryToLogIn(service, person.email, device, new_password)).status;
    t.is(await signIn(home), 429);
    t.is(await signIn(abroad), 429);
    t.is(await signIn({ ...abroad, deviceId }), 200);
  },
);

test.serial('POST /api/auth/change-password with a wrong password leaves every device known', async (t) => {
  const person = await signUpFrom(home);
  await service.call('changePassword', 403, {
    as: person,
    headers: headersOf(abroad),
    body: { current_password: 'not this one', new_password: 'five other words in a row' },
  });
  await useUpGuesses(person.email);
  t.true(await letsIn(person.email, home));
});

test.serial('the devices of a deleted account are unknown to one that takes its e-mail', async (t) => {
  const person = await signUpFrom(home);
  await service.call('deleteMe', 204, { as: person });
  await service.call('signUp', 201, { headers: headersOf(abroad), body: { email: person.email, password } });
  await useUpGuesses(person.email);
  t.false(await letsIn(person.email, home));
});

test.serial('a deactivated account under attack tells its owner so on a known device', async (t) => {
  const [admin, person] = [await platformAdmin(service), await signUpFrom(home)];
  await service.call('updateUser', 200, {
    as: admin,
    path: { user_id: person.id },
    body: { is_active: false },
  });
  await useUpGuesses(person.email);
  t.is((await tryToLogIn(service, person.email, home)).status, 403);
});

test.serial(
  'twenty sign-ins at once from two known devices all get in, and the devices stay two',
  async (t) => {
    const person = await signUpFrom(home);
    t.true(await letsIn(person.email, abroad));
    const statuses: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          tryToLogIn(service, person.email, index % 2 ? home : abroad),
        ),
      );
      statuses.push(...answers.map(({ status }) => status));
    }
    t.deepEqual(new Set(statuses), new Set([200]));
    t.is((await service.context.database('known_devices').where({ user_id: person.id })).length, 2);
  },
);

for (const [title, sent] of [
  ['too short', 'short'],
  ['of 129 characters', 'x'.repeat(129)],
  ['with a space', 'a device with spaces in it'],
] as const) {
  test.serial(`a Device-Id ${title} answers 400 and names it`, async (t) => {
    const { email } = await signUpFrom(home);
    const { status, body } = await tryToLogIn(service, email, { ...home, deviceId: sent });
    t.is(status, 400);
    t.like(body, { code: 'VALIDATION_ERROR', errors: [{ in: 'header', path: 'device-id' }] });
  });
}
