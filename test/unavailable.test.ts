import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { connectForMigrations } from '../src/core/database.ts';
import { startEmbeddedDatabase } from '../src/core/embedded-database.ts';
import { migrate } from '../src/core/migrate.ts';
import type { RawRequest } from './helpers/client.ts';
import { operations, resolved, type Operation } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { platformAdmin, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

// A database that may be stopped without harm to other tests.
const directory = await mkdtemp(join(tmpdir(), 'tripod-unavailable-'));
let database = await startEmbeddedDatabase({ directory, durable: false });
const schema = connectForMigrations(database.url);
await migrate(schema);
await schema.destroy();
const service = await startService({ databaseUrl: database.url });
const admin = await platformAdmin(service);

test.after.always(async () => {
  await service.stop();
  await database.stop();
  await rm(directory, { recursive: true });
});

const usingDatabase = [...operations.values()].filter(({ responses }) => '503' in responses);
const withoutDatabase = [...operations.values()].filter(({ responses }) => !('503' in responses));

test.serial(
  'every operation answers 500, and nothing of its cause, when the database is not as it should be',
  async (t) => {
    // Without any table, it would be a database that is still to be migrated.
    await service.context.database.raw(
      'alter schema public rename to elsewhere; create schema public; create table public.knex_migrations ()',
    );
    for (const operation of usingDatabase) {
      const { status, body } = await service.send(validRequest(operation, admin));
      t.is(status, 500, operation.id);
      t.is(
        (body as { detail: string }).detail,
        'Something went wrong here. Please try again, and report the request id if it stays.',
      );
    }
    await service.context.database.raw('drop schema public cascade; alter schema elsewhere rename to public');
  },
);

test.serial(
  'every operation answers 503 with Retry-After while the database is away, and works again after it',
  async (t) => {
    await database.stop();
    for (const operation of usingDatabase) {
      const { status, headers } = await service.send(validRequest(operation, admin));
      t.is(status, 503, operation.id);
      t.regex(headers.get('Retry-After') ?? '', /^[1-9]\d*$/);
    }
    for (const operation of withoutDatabase) {
      const { status } = await service.send(validRequest(operation, admin));
      t.is(status, 200, operation.id);
    }
    database = await startEmbeddedDatabase({ directory, durable: false });
    await service.call('getMe', 200, { as: admin });
    await service.call('getReadiness', 200);
  },
);

/** Gets as far as the database. */
function validRequest(operation: Operation, person: Person): RawRequest {
  const { bodySchema, role } = operation;
  const example = bodySchema && (resolved(bodySchema).examples?.[0] as object);
  const body = example && 'refresh_token' in example ? { refresh_token: person.refresh_token } : example;
  return {
    ...minimalRequest(operation, {}),
    body: body && JSON.stringify(body),
    as: role === 'public' ? undefined : person,
  };
}
