import { randomInt, randomUUID } from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import { User } from '../../src/models/user.ts';
import { addressNumber } from './addresses.ts';
import type { TestService } from './service.ts';

export const password = 'a password that nobody would guess';

/** Somebody with an account who has just signed in. */
export type Person = Schema<'User'> & Schema<'Tokens'>;

/** Each from an address of their own, as more of one would be limited. */
export async function signUp(service: TestService, details: { email?: string } = {}): Promise<Person> {
  const { body } = await service.call('signUp', 201, {
    headers: { 'X-Forwarded-For': addressNumber(randomInt(131_072)) },
    body: { email: `${randomUUID()}@example.org`, password, ...details },
  });
  return { ...body.user, ...body.tokens };
}

export async function logIn(service: TestService, { email }: { email: string }): Promise<Person> {
  const { body } = await service.call('logIn', 200, { body: { email, password } });
  return { ...body.user, ...body.tokens };
}

/** So many more accounts with the same password, for what one account alone may not do as often. */
export async function accountsLike(
  service: TestService,
  { id }: { id: string },
  count: number,
): Promise<string[]> {
  const { rows } = await service.context.database.raw<{ rows: { email: string }[] }>(
    `insert into users (id, email, search_text, password_hash)
       select gen_random_uuid(), address, address, password_hash
         from users, lateral (select gen_random_uuid() || '@example.org' from generate_series(1, ?)) other (address)
        where id = ? returning email`,
    [count, id],
  );
  return rows.map(({ email }) => email);
}

/** The first admin can't be made over HTTP: nobody would have the right to. */
export async function platformAdmin(service: TestService): Promise<Person> {
  const person = await signUp(service);
  await User.query(service.context.database).patch({ is_platform_admin: true }).where({ id: person.id });
  return { ...person, is_platform_admin: true };
}

/** Somebody who holds a role in an app. */
export async function holderOf(service: TestService, app_key: string, role_key: string): Promise<Person> {
  const [admin, person] = [await platformAdmin(service), await signUp(service)];
  await service.call('assignRole', 200, {
    as: admin,
    body: { target_user_id: person.id, app_key, role_key },
  });
  return person;
}
