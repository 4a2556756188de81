import test from 'ava';
import { connectDatabase, type Database } from '../src/core/database.ts';
import { migrate, migrations, withMigrationLock } from '../src/core/migrate.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { platformAdmin } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

async function withEmptyDatabase(use: (database: Database, url: string) => Promise<void>): Promise<void> {
  const { url, drop } = await createEmptyDatabase();
  const database = connectDatabase(url);
  try {
    await use(database, url);
  } finally {
    await database.destroy();
    await drop();
  }
}

/** Everything that the migrations have made: columns, constraints, indexes and views. */
async function structureOf(database: Database): Promise<unknown[]> {
  const { rows } = await database.raw<{ rows: { name: string }[] }>(`
    select 'column' as kind, table_name || '.' || column_name as name, data_type || is_nullable || coalesce(column_default, '') as what
      from information_schema.columns where table_schema = 'public'
    union all select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
      from pg_constraint where connamespace = 'public'::regnamespace
    union all select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    union all select 'view', viewname, definition from pg_views where schemaname = 'public'
    order by 1, 2, 3`);
  return rows.filter(({ name }) => !name.startsWith('knex_'));
}

test('each migration goes up, down and up again to the same structure', async (t) => {
  await withEmptyDatabase(async (database) => {
    const before: unknown[][] = [];
    for (;;) {
      const structure = await structureOf(database);
      const [, [name]] = (await database.migrate.up(migrations)) as [number, string[]];
      if (name === undefined) break;
      before.push(structure);
      const after = await structureOf(database);
      await database.migrate.down(migrations);
      t.deepEqual(await structureOf(database), structure, `${name} goes back`);
      await database.migrate.up(migrations);
      t.deepEqual(await structureOf(database), after, `${name} comes again`);
    }
    t.true(before.length >= 7);
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

  const structure = await structureOf(database);
  await database.migrate.rollback(migrations, true);
  t.deepEqual(await structureOf(database), []);
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

test('eight instances that start on an empty database at once migrate it once', async (t) => {
  await withEmptyDatabase(async (_database, url) => {
    const names = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const database = connectDatabase(url);
        const done = await withMigrationLock(url, () => migrate(database));
        await database.destroy();
        return done;
      }),
    );
    t.is(names.filter(({ length }) => length > 0).length, 1);
  });
});

test('a lock left behind by a killed migration does not stop the next one', async (t) => {
  await withEmptyDatabase(async (database) => {
    await migrate(database);
    await database('knex_migrations_lock').update({ is_locked: 1 });
    await database('knex_migrations').where({ name: '20261123000700_seed_apps.js' }).delete();
    t.deepEqual(await migrate(database), ['20261123000700_seed_apps.js']);
  });
});
