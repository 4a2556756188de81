import { randomUUID } from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import { User } from '../../src/models/user.ts';
import type { TestService } from './service.ts';

export const password = 'a password that nobody would guess';

/** Somebody with an account who has just signed in. */
export type Person = Schema<'User'> & Schema<'Tokens'>;

export async function signUp(service: TestService, details: { email?: string } = {}): Promise<Person> {
  const { body } = await service.call('signUp', 201, {
    body: { email: `${randomUUID()}@example.org`, password, ...details },
  });
  return { ...body.user, ...body.tokens };
}

export async function logIn(service: TestService, { email }: { email: string }): Promise<Person> {
  const { body } = await service.call('logIn', 200, { body: { email, password } });
  return { ...body.user, ...body.tokens };
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
