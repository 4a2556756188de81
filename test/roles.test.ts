import test from 'ava';
import { startSession } from '../src/services/auth/start-session.ts';
import type { Signed } from './helpers/client.ts';
import { operations, type Operation } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { createWorld, type Caller } from './helpers/roles-world.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const { callers, named } = await createWorld(service);
test.after.always(() => service.stop());

// One after the other: what ends all of a user's sessions must not meet another operation's cases.
for (const operation of operations.values()) {
  test.serial(`${operation.method} ${operation.path} is for whoever its required role says`, async (t) => {
    for (const caller of callers) {
      const expected = expectedRefusal(operation, caller);
      const { status, body } = await service.send({
        ...minimalRequest(operation, named),
        as: await signedIn(caller),
      });
      const refusal = status === 401 || status === 403 ? status : undefined;
      t.is(refusal, expected, `${caller.name} met ${status} ${JSON.stringify(body)}`);
      if (status === 403) t.deepEqual((body as { required_roles: unknown }).required_roles, operation.role);
    }
  });

  if (references(operation).length > 0) {
    test.serial(
      `${operation.method} ${operation.path} gives no role for a missing or malformed reference`,
      async (t) => {
        const plain = callers.find(({ name }) => name === 'plain');
        const malformed = Object.fromEntries(Object.keys(named).map((name) => [name, '\u{1F600}%00']));
        for (const values of [malformed, {}]) {
          const request = minimalRequest(operation, values);
          const { status } = await service.send({ ...request, as: await signedIn(plain) });
          t.is(status, 403);
        }
      },
    );
  }
}

/** A session of its own for each case: some operations end the one they are called in. */
async function signedIn(caller: Caller | undefined): Promise<Signed | undefined> {
  return caller?.id ? startSession(service.context, caller.id) : undefined;
}

function expectedRefusal({ role }: Operation, caller: Caller): 401 | 403 | undefined {
  if (role === 'public') return undefined;
  if (caller.id === undefined) return 401;
  if (role === 'authenticated' || role.some((alternative) => holds(caller, alternative))) return undefined;
  return 403;
}

/** Reads the contract's words by themselves: each part is the caller's, or `*`. */
function holds(caller: Caller, alternative: string): boolean {
  const wanted = alternative
    .replaceAll(/\{(?:path|query|body)\.(\w+)\}/g, (_, name: string) => named[name] ?? 'nothing')
    .split(':');
  return caller.roles.some((role) => {
    const parts = role.split(':');
    return (
      parts.length === wanted.length && wanted.every((part, index) => part === '*' || part === parts[index])
    );
  });
}

function references({ role }: Operation): string[] {
  return typeof role === 'string' ? [] : role.filter((alternative) => alternative.includes('{'));
}
