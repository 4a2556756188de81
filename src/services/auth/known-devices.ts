import { createHash } from 'node:crypto';
import { minutesAfter } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { networkOf } from '../../core/network.ts';

interface Account {
  readonly id: string;
  readonly email: string;
}

/** A device that has not been used for so long is unknown again. */
const keptMinutes = 90 * 24 * 60;

/** Takes fingerprints, and when older devices have been forgotten. */
const find: Statement = {
  name: 'find-known-device',
  text: 'select 1 from known_devices where fingerprint = any ($1::bytea[]) and last_used_at > $2',
};

/** Takes fingerprint, user and now. */
const remember: Statement = {
  name: 'remember-device',
  text: `insert into known_devices (fingerprint, user_id, last_used_at) values ($1, $2, $3)
         on conflict (fingerprint) do update set user_id = excluded.user_id, last_used_at = excluded.last_used_at`,
};

/** Takes when older devices have been forgotten. Each sign-in clears away more than it leaves. */
const forgetUnused: Statement = {
  name: 'forget-unused-devices',
  text: `delete from known_devices where ctid = any (array(
           select ctid from known_devices where last_used_at <= $1
            order by last_used_at limit 20 for update skip locked))`,
};

const forgetAll: Statement = {
  name: 'forget-devices',
  text: 'delete from known_devices where user_id = $1',
};

/** Whether the account of this e-mail, if there is one, has been signed in to from where this request comes from. */
export async function isKnownDevice({ database, clock, origin }: Context, email: string): Promise<boolean> {
  const found = await runStatement(database, find, [
    fingerprints(email, origin),
    minutesAfter(clock(), -keptMinutes),
  ]);
  return found.length > 0;
}

/** Call it in the transaction of the sign-in. */
export async function rememberDevice(
  { database, clock, origin }: Context,
  { id, email }: Account,
): Promise<void> {
  const now = clock();
  // Whoever names their device needs not be known by where they are, where others are too.
  const [fingerprint] = fingerprints(email, origin);
  if (fingerprint) await runStatement(database, remember, [fingerprint, id, now]);
  await runStatement(database, forgetUnused, [minutesAfter(now, -keptMinutes)]);
}

/** For a new password: whatever had the old one is unknown from now on, but not who sets the new one. */
export async function rememberOnlyThisDevice(context: Context, account: Account): Promise<void> {
  await runStatement(context.database, forgetAll, [account.id]);
  await rememberDevice(context, account);
}

/** By the name that the device has given itself, and by its network and program; the surest comes first. */
function fingerprints(email: string, { device_id, ip, user_agent }: Context['origin']): Buffer[] {
  const account = email.toLowerCase();
  return [
    ...(device_id === null ? [] : [hashOf('device', account, device_id)]),
    ...(ip === null ? [] : [hashOf('network', account, networkOf(ip), user_agent ?? '')]),
  ];
}

function hashOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}
