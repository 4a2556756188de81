import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { connectDatabase } from '../src/core/database.ts';
import { rollBack } from '../src/core/migrate.ts';
import { openContext } from '../src/core/open-context.ts';
import { readSettings } from '../src/core/settings.ts';
import { createEmptyDatabase, fromRunner } from './helpers/databases.ts';
import { createOrganization } from './helpers/organizations.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { startService, testSecret } from './helpers/service.ts';
import { settingsThroughPooler } from './helpers/through-pooler.ts';

const insufficientPrivilege = '42501';

interface Separate {
  readonly ownerUrl: string;
  readonly serviceUrl: string;
}

/** A database that one role owns, and another that may do nothing but connect. */
async function withSeparateRoles(t: ExecutionContext, use: (urls: Separate) => Promise<void>): Promise<void> {
  const { name, url, drop } = await createEmptyDatabase();
  const suffix = randomUUID().replaceAll('-', '');
  const [owner, service] = [`owner_${suffix}`, `service_${suffix}`];
  const cluster = connectDatabase(fromRunner('TEST_DATABASE_URL'));
  const as = (role: string) =>
    Object.assign(new URL(url), { username: role, password: 'for this test' }).href;
  t.teardown(async () => {
    await drop();
    for (const role of [service, owner]) await cluster.raw('drop role if exists ??', [role]);
    await cluster.destroy();
  });
  for (const role of [owner, service])
    await cluster.raw(`create role ?? login password 'for this test'`, [role]);
  await cluster.raw('alter database ?? owner to ??', [name, owner]);
  await use({ ownerUrl: as(owner), serviceUrl: as(service) });
}

function open({ ownerUrl, serviceUrl }: { ownerUrl?: string; serviceUrl: string }) {
  const environment = {
    DATABASE_URL: serviceUrl,
    MIGRATION_DATABASE_URL: ownerUrl,
    JWT_SECRET_KEY: testSecret,
    LOG_LEVEL: 'silent',
  };
  return openContext(readSettings(settingsThroughPooler(environment)));
}

test('A service that does not own its tables works, and cannot alter what was recorded', async (t) => {
  await withSeparateRoles(t, async (urls) => {
    // A later start finds everything migrated and granted.
    for (let start = 1; start <= 2; start += 1) await (await open(urls)).close();
    const service = await startService({ databaseUrl: urls.serviceUrl });
    t.teardown(() => service.stop());
    const [admin, person] = [await platformAdmin(service), await signUp(service)];
    await createOrganization(service);
    await service.call('getReadiness', 200);
    const headers = { 'Idempotency-Key': 'once' };
    const body = { name: 'Danish', code: 'dan' };
    await service.call('createLanguage', 201, { as: admin, body, headers });
    await service.call('deleteUser', 204, { as: admin, path: { user_id: person.id } });
    const { body: events } = await service.call('listAuditEvents', 200, { as: admin });
    t.is(events[0]?.action, 'user.deleted');

    for (const change of [
      `update audit_events set action = 'user.updated'`,
      'delete from audit_events',
      'truncate audit_events',
      'alter table audit_events disable trigger all',
      'drop trigger audit_events_append_only on audit_events',
      'drop table audit_events',
      'create or replace function refuse_change_of_audit_events() returns trigger language sql as $$ select 1 $$',
    ]) {
      await t.throwsAsync(
        async () => {
          await service.context.database.raw(change);
        },
        { code: insufficientPrivilege },
        change,
      );
    }
  });
});

test('A service that is not told the owner starts when nothing is pending, and says what is otherwise', async (t) => {
  await withSeparateRoles(t, async ({ ownerUrl, serviceUrl }) => {
    await t.throwsAsync(() => open({ serviceUrl }), {
      name: 'SettingError',
      message:
        /^The user that this service has may not .+ run 20261123000100_users_and_sessions\.js, .+ npm run db:migrate/,
    });
    const both = { DATABASE_URL: serviceUrl, MIGRATION_DATABASE_URL: ownerUrl };
    t.like(await runProgram('dist/migrate.js', both), { code: 0, stderr: '' });
    await (await open({ serviceUrl })).close();

    const owner = connectDatabase(ownerUrl);
    t.teardown(() => owner.destroy());
    const newest = await rollBack(owner);
    await t.throwsAsync(() => open({ serviceUrl }), {
      name: 'SettingError',
      message: (message) => newest !== undefined && message.includes(` run ${newest}. `),
    });
  });
});

test('A migration database other than the service’s own stops the start', async (t) => {
  const other = await createEmptyDatabase();
  t.teardown(() => other.drop());
  await withSeparateRoles(t, async ({ ownerUrl }) => {
    await t.throwsAsync(() => open({ ownerUrl, serviceUrl: other.url }), {
      name: 'SettingError',
      message: 'MIGRATION_DATABASE_URL must name the same database as DATABASE_URL.',
    });
  });
});

test('MIGRATION_DATABASE_URL needs DATABASE_URL, and an address', (t) => {
  const postgres = 'postgresql://owner@localhost/tripod';
  t.throws(() => readSettings({ MIGRATION_DATABASE_URL: postgres }), {
    message: /^MIGRATION_DATABASE_URL needs/,
  });
  t.throws(() => readSettings({ DATABASE_URL: postgres, MIGRATION_DATABASE_URL: 'owner' }), {
    message: /^MIGRATION_DATABASE_URL must be a PostgreSQL address/,
  });
});
