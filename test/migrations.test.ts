import test from 'ava';
import { connectForMigrations, type Database } from '../src/core/database.ts';
import { migrate, rollBack } from '../src/core/migrate.ts';
import { migrationStates, pendingMigrations } from '../src/core/migrations/history.ts';
import { projectMigrations, type MigrationSource } from '../src/core/migrations/source.ts';
import { structureOf } from '../scripts/lint-migrations/structure.ts';
import { createEmptyDatabase, withoutLaterColumns } from './helpers/databases.ts';
import { platformAdmin } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

async function withEmptyDatabase(use: (database: Database, url: string) => Promise<void>): Promise<void> {
  const { url, drop } = await createEmptyDatabase();
  const database = connectForMigrations(url);
  try {
    await use(database, url);
  } finally {
    await database.destroy();
    await drop();
  }
}

/** The project's own, up to the last of so many. */
function firstMigrations(count: number): MigrationSource {
  return { ...projectMigrations, names: async () => (await projectMigrations.names()).slice(0, count) };
}

test('each migration goes up, down and up again to the same structure', async (t) => {
  const names = await projectMigrations.names();
  t.true(names.length >= 14);
  await withEmptyDatabase(async (database) => {
    for (const [index, name] of names.entries()) {
      const source = firstMigrations(index + 1);
      const before = await structureOf(database);
      t.deepEqual(await migrate(database, { source }), [name]);
      const after = await structureOf(database);
      t.is(await rollBack(database, { source }), name);
      t.deepEqual(await structureOf(database), before, `${name} goes back`);
      await migrate(database, { source });
      t.deepEqual(await structureOf(database), after, `${name} comes again`);
    }
  });
});

test('the migrations go down and up again on a database with data in it', async (t) => {
  const service = await startService();
  const { database } = service.context;
  const admin = await platformAdmin(service);
  const { body: language } = await service.call('createLanguage', 201, {
    as: admin,
    body: { name: 'Danish', code: 'dan' },
  });
  await service.call('createProject', 201, {
    as: admin,
    body: { name: 'Stories', language_id: language.id },
  });

  await withoutLaterColumns(database);
  const structure = await structureOf(database);
  const names = await projectMigrations.names();
  for (const name of names.toReversed()) t.is(await rollBack(database), name);
  t.is(await rollBack(database), undefined);
  t.deepEqual(
    (await structureOf(database)).filter(({ name }) => name !== 'plpgsql'),
    [],
  );
  await migrate(database);
  t.deepEqual(await structureOf(database), structure);
  t.like(await database('apps').count().first(), { count: '5' });
  await service.stop();
});

test('the seed has five apps with five system roles each, and viewer as the default', async (t) => {
  await withEmptyDatabase(async (database) => {
    await migrate(database);
    const apps: unknown = await database('apps')
      .join('app_roles', 'app_roles.app_id', 'apps.id')
      .where({ is_system: true, default_role_key: 'viewer' })
      .groupBy('app_key')
      .orderBy('app_key')
      .select('app_key', database.raw(`array_agg(role_key order by role_key) as roles`));
    const roles = ['admin', 'annotator', 'facilitator', 'reviewer', 'viewer'];
    t.deepEqual(apps, [
      { app_key: 'avita', roles },
      { app_key: 'data-collection', roles },
      { app_key: 'meaning-map-generator', roles },
      { app_key: 'oral-bridge', roles },
      { app_key: 'tripod-studio', roles },
    ]);
  });
});

test('seeding again changes nothing', async (t) => {
  await withEmptyDatabase(async (database) => {
    await migrate(database);
    const seed = '20261123000700_seed_apps.js';
    const state = async () => ({
      apps: (await database('apps').orderBy('id')) as unknown[],
      roles: (await database('app_roles').orderBy('id')) as unknown[],
    });
    const before = await state();
    await database('knex_migrations').where({ name: seed }).delete();
    t.deepEqual(await migrate(database), [seed]);
    t.deepEqual(await state(), before);
  });
});

test('eight that migrate an empty database at once run each migration once', async (t) => {
  await withEmptyDatabase(async (database, url) => {
    const ran = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const own = connectForMigrations(url);
        try {
          return await migrate(own);
        } finally {
          await own.destroy();
        }
      }),
    );
    t.deepEqual(ran.flat().sort(), await projectMigrations.names());
    const states = await migrationStates(database);
    t.true(states.every(({ doneAt, isKnown }) => doneAt !== undefined && isKnown));
  });
});

test('a database that a later version has migrated is up to date for this one, which leaves it as it is', async (t) => {
  await withEmptyDatabase(async (database) => {
    await migrate(database);
    const later = { name: '29991231235959_of_a_later_version.js', batch: 99, migration_time: new Date() };
    await database('knex_migrations').insert(later);
    t.deepEqual(await pendingMigrations(database), []);
    t.deepEqual(await migrate(database), []);
    t.like((await migrationStates(database)).at(-1), { name: later.name, isKnown: false });
    await t.throwsAsync(() => rollBack(database), {
      name: 'MigrationError',
      message: /^29991231235959_of_a_later_version\.js was done by a later version/,
    });
  });
});
