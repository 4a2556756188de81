import { parseArgs } from 'node:util';
import { bringUpToDate } from './core/bring-up-to-date.ts';
import { rollBack, type MigrationOptions } from './core/migrate.ts';
import { migrationStates } from './core/migrations/history.ts';
import { MigrationError } from './core/migrations/migration-error.ts';
import { asOwner, openDatabase, type OpenDatabase } from './core/open-database.ts';
import { readDatabaseSettings, SettingError, type DatabaseSettings } from './core/settings.ts';
import { withSecrets } from './core/with-secrets.ts';

const usage = `Works on the database that the settings name, also while the service runs on it.
  npm run db:migrate     runs the migrations that are pending
  npm run db:status      lists them all, done and pending; its exit code is 2 while one is pending
  npm run db:rollback    takes back the last one and the data in it, but not in production
Where there is no npm: node dist/migrate.js, node dist/migrate.js status`;

type Command = (open: OpenDatabase, settings: DatabaseSettings) => Promise<number>;

const commands: Readonly<Record<string, Command>> = { migrate, status, rollback };

try {
  process.exitCode = await run();
} catch (error) {
  // What an operator can act on is one line; anything unforeseen comes with its stack.
  const isForeseen = error instanceof SettingError || error instanceof MigrationError;
  console.error(isForeseen ? error.message : error);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { help: { type: 'boolean', default: false } },
    allowPositionals: true,
    strict: false,
  });
  const [name = 'migrate', ...rest] = positionals;
  const command = rest.length === 0 ? commands[name] : undefined;
  if (values['help'] !== false || Object.keys(values).length > 1 || command === undefined) {
    console.error(usage);
    return values['help'] === true ? 0 : 1;
  }
  const settings = readDatabaseSettings(await withSecrets(process.env));
  if (name === 'rollback' && settings.production)
    throw new SettingError(
      'In production, migrations only go forward, for taking one back loses data. Please write one that mends it: npm run db:make.',
    );
  const open = await openDatabase(settings);
  try {
    console.log(open.place);
    return await command(open, settings);
  } finally {
    await open.close();
  }
}

async function migrate(open: OpenDatabase, { migrationDatabaseUrl }: DatabaseSettings): Promise<number> {
  const ran = await bringUpToDate(open, migrationDatabaseUrl, progress('done'));
  console.log(ran.length === 0 ? 'Nothing is pending.' : `${ran.length} done, nothing is pending.`);
  return 0;
}

async function status({ database }: OpenDatabase): Promise<number> {
  const states = await migrationStates(database);
  for (const { name, doneAt, isKnown } of states)
    console.log(`  ${doneAt ?? 'pending'.padEnd(24)}  ${name}${isKnown ? '' : ' (by a later version)'}`);
  const pending = states.filter(({ doneAt }) => doneAt === undefined).length;
  console.log(
    pending === 0 ? 'Nothing is pending.' : `${pending} of ${states.length} pending: npm run db:migrate`,
  );
  return pending === 0 ? 0 : 2;
}

async function rollback(open: OpenDatabase, { migrationDatabaseUrl }: DatabaseSettings): Promise<number> {
  const name = await asOwner(open, migrationDatabaseUrl, (owner) => rollBack(owner, progress('taken back')));
  if (name === undefined) console.log('There is nothing to take back.');
  return 0;
}

function progress(what: string): MigrationOptions {
  return {
    onDone: (name, milliseconds) => {
      console.log(`  ${name} ${what} in ${Math.round(milliseconds)} ms`);
    },
    onWait: (reason) => {
      console.log(`  waiting: ${reason}`);
    },
  };
}
