import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { lintMigrations, type Finding } from '../scripts/lint-migrations/lint.ts';
import {
  findRunningVersion,
  NoRunningVersion,
  type RunningVersion,
} from '../scripts/lint-migrations/running-version.ts';
import { startTestCluster } from './helpers/postgres.ts';

const root = await mkdtemp(join(tmpdir(), 'tripod-rules-'));
// What it looks at is for superusers, which whoever runs these tests need not be elsewhere.
const cluster = await startTestCluster();

test.after.always(async () => {
  await cluster.stop();
  await rm(root, { recursive: true, force: true });
});

interface Sample {
  readonly up: string;
  readonly down: string;
  readonly outside?: boolean;
}

const released: Sample = {
  up: `
    create table circles (
      id uuid primary key, name text not null, radius integer not null, color text,
      kind text not null check (kind in ('round', 'rounder')), shape_id uuid, old_name text, unused text, later text,
      created_at timestamptz not null default now());
    create table squares (id uuid primary key, circle_id uuid not null references circles);
    create table triangles (id uuid primary key);
    create function extent(circles) returns integer language sql as 'select $1.radius';
    alter table circles add constraint circles_later_check check (later is not null) not valid`,
  down: 'drop function extent; drop table squares, circles, triangles',
};

const code = {
  'src/models/base-model.ts': 'declare id: string; declare created_at: string;',
  'src/models/circle.ts': `tableName = 'circles'; declare name: string; declare old_name: string; declare later: string;`,
  'src/services/radius.ts': `database.raw('select radius, extent(circles) from circles')`,
  'src/services/unused.ts': 'unused = names no table',
  'src/models/square.ts': `tableName = 'squares'; declare circle_id: string;`,
};

function source({ up, down, outside = false }: Sample): string {
  const direction = (name: string, sql: string) =>
    `export const ${name} = (knex) => knex.raw(${JSON.stringify(sql)});\n`;
  const config = outside ? 'export const config = { transaction: false };\n' : '';
  return `${config}${direction('up', up)}${direction('down', down)}`;
}

const git = (...options: string[]) =>
  promisify(execFile)('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', ...options], {
    cwd: root,
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  });

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

let running: RunningVersion;
const releasedName = '20260101000000_released.js';

test.before(async () => {
  await write({ [`migrations/${releasedName}`]: source(released), ...code });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '.');
  await git('commit', '--quiet', '--message=The running version');
  running = await findRunningVersion(root, undefined);
});

/** What is said of migrations that main does not have, one after the other; modules are cached, so no name comes twice. */
async function lint(
  files: Readonly<Record<string, Sample>>,
  against: RunningVersion = running,
): Promise<Finding[]> {
  const paths = Object.keys(files).map((name) => `migrations/${name}`);
  await write(
    Object.fromEntries(Object.entries(files).map(([name, sample]) => [`migrations/${name}`, source(sample)])),
  );
  try {
    return await lintMigrations(root, against, () => Promise.resolve(cluster.url));
  } finally {
    for (const path of paths) await rm(join(root, path));
  }
}

let count = 0;

function nextName(): string {
  count += 1;
  return `20270101${String(count).padStart(6, '0')}_sample.js`;
}

function add(column: string): Sample {
  const [name = ''] = column.split(' ');
  return { up: `alter table circles add column ${column}`, down: `alter table circles drop column ${name}` };
}

function outside(up: string, down: string): Sample {
  return { up, down, outside: true };
}

const check = 'alter table circles add constraint circles_radius_check check (radius >= 0)';
const withoutCheck = 'alter table circles drop constraint circles_radius_check';
const index = 'create index circles_name_idx on circles (name)';
const concurrently = 'create index concurrently if not exists circles_name_idx on circles (name)';
const withoutIndex = 'drop index concurrently if exists circles_name_idx';
const inBatches = `do $$ begin for part in 0..1 loop
  update circles set color = 'red' where id in (select id from circles order by id offset part * 900 limit 900);
  commit;
end loop; end $$`;

const refused: Readonly<Record<string, { rule: string; message: RegExp; sample: Sample }>> = {
  'another type': {
    rule: 'rewrite',
    message: /^rewrites or empties circles.+new column.+in batches/,
    sample: {
      up: 'alter table circles alter radius type bigint',
      down: 'alter table circles alter radius type integer',
    },
  },
  'a default that differs from row to row': {
    rule: 'rewrite',
    message: /circles/,
    sample: add('luck double precision default random()'),
  },
  'emptying a table': {
    rule: 'rewrite',
    message: /squares/,
    sample: { up: 'truncate squares', down: 'select 1' },
  },
  'an index without CONCURRENTLY': {
    rule: 'lock',
    message: /^reads all of circles while it locks writers out\. Create an index CONCURRENTLY/,
    sample: { up: index, down: 'drop index circles_name_idx' },
  },
  'an index without CONCURRENTLY, outside transactions': {
    rule: 'lock',
    message: /circles/,
    sample: outside(index.replace('index', 'index if not exists'), 'drop index circles_name_idx'),
  },
  'a check that is not NOT VALID': {
    rule: 'lock',
    message: /NOT VALID/,
    sample: { up: check, down: withoutCheck },
  },
  'a check that is validated by the migration that adds it': {
    rule: 'lock',
    message: /VALIDATE them in a migration of their own/,
    sample: {
      up: `${check} not valid; alter table circles validate constraint circles_radius_check`,
      down: withoutCheck,
    },
  },
  'a foreign key that is not NOT VALID': {
    rule: 'lock',
    message: /circles/,
    sample: {
      up: 'alter table circles add constraint circles_shape_id_fkey foreign key (shape_id) references triangles',
      down: 'alter table circles drop constraint circles_shape_id_fkey',
    },
  },
  'a unique constraint without an index': {
    rule: 'lock',
    message: /USING/,
    sample: {
      up: 'alter table circles add constraint circles_radius_key unique (radius)',
      down: 'alter table circles drop constraint circles_radius_key',
    },
  },
  'NOT NULL without a check': {
    rule: 'lock',
    message: /SET NOT NULL reads nothing where/,
    sample: {
      up: `update circles set later = 'now' where later is null; alter table circles alter later set not null`,
      down: 'alter table circles alter later drop not null',
    },
  },
  'filling a new column in the transaction that adds it': {
    rule: 'lock, batch',
    message: /circles/,
    sample: {
      ...add('size text'),
      up: `alter table circles add column size text; update circles set size = 'small'`,
    },
  },
  'changing all rows at once': {
    rule: 'batch',
    message: /^changes more than 1000 rows of circles at once.+in batches of a transaction each/,
    sample: { up: `update circles set color = 'red'`, down: 'select 1' },
  },
  'deleting all rows at once, outside transactions': {
    rule: 'batch',
    message: /^changes more than 1000 rows at once/,
    sample: outside('delete from squares', 'select 1'),
  },
  'a column that is still read': {
    rule: 'still-read',
    message:
      /^takes away the column circles\.old_name, which the running version still reads: src\/models\/circle\.ts\. Release code/,
    sample: {
      up: 'alter table circles drop column old_name',
      down: 'alter table circles add column old_name text',
    },
  },
  'a column that all models have': {
    rule: 'still-read',
    message: /column circles\.created_at.+src\/models\/base-model\.ts/,
    sample: {
      up: 'alter table circles drop column created_at',
      down: 'alter table circles add column created_at timestamptz not null default now()',
    },
  },
  'a new name for a column': {
    rule: 'still-read, not-written',
    message: /column circles\.name/,
    sample: {
      up: 'alter table circles rename name to title',
      down: 'alter table circles rename title to name',
    },
  },
  'a table that is still read': {
    rule: 'still-read',
    message: /^takes away the table squares, .+src\/models\/square\.ts/,
    sample: {
      up: 'drop table squares',
      down: 'create table squares (id uuid primary key, circle_id uuid not null references circles)',
    },
  },
  'a function that is still called': {
    rule: 'still-read',
    message: /function extent.+src\/services\/radius\.ts/,
    sample: {
      up: 'drop function extent',
      down: `create function extent(circles) returns integer language sql as 'select $1.radius'`,
    },
  },
  'a required column that nobody writes yet': {
    rule: 'not-written',
    message: /^requires circles\.size, .+Give it a default/,
    sample: {
      up: `alter table circles add column size text not null default ''; alter table circles alter size drop default`,
      down: 'alter table circles drop column size',
    },
  },
  'what fails as soon as there is a row': {
    rule: 'failure',
    message: /^fails on tables that hold rows: .+size.+null values/,
    sample: add('size text not null'),
  },
  'a down that leaves something': {
    rule: 'down',
    message: /^is not taken back by its down:\n {4}left: column circles\.size text$/,
    sample: { up: 'alter table circles add column size text', down: 'select 1' },
  },
  'a down that comes back otherwise': {
    rule: 'down',
    message: /missing: column circles\.color text\n {4}left: column circles\.color text {0,1}not null/,
    sample: {
      up: 'alter table circles drop column color',
      down: `alter table circles add column color text not null default ''`,
    },
  },
  'what cannot be done twice outside transactions': {
    rule: 'repeat',
    message: /^cannot be done again after it was cut off.+already exists\. Say IF NOT EXISTS/,
    sample: outside(concurrently.replace('if not exists ', ''), withoutIndex),
  },
};

for (const [what, { rule, message, sample }] of Object.entries(refused)) {
  test.serial(`${what} is refused`, async (t) => {
    const name = nextName();
    const findings = await lint({ [name]: sample });
    t.is(findings.map(({ rule }) => rule).join(', '), rule, JSON.stringify(findings));
    t.is(findings[0]?.migration, name);
    t.regex(findings[0]?.message ?? '', message);
  });
}

const fine: Readonly<Record<string, readonly Sample[]>> = {
  'new tables with all they need': [
    {
      up: `create table stars (id uuid primary key, circle_id uuid not null references circles, points integer not null check (points > 3));
           create index stars_circle_id_idx on stars (circle_id)`,
      down: 'drop table stars',
    },
  ],
  'columns that may be empty or have one default': [
    add('size text'),
    add('is_big boolean not null default false'),
  ],
  'a column that refers to another table': [add('triangle_id uuid references triangles')],
  'an index that is built CONCURRENTLY': [outside(concurrently, withoutIndex)],
  'a check that is validated later': [
    { up: `${check} not valid`, down: withoutCheck },
    outside('alter table circles validate constraint circles_radius_check', 'select 1'),
  ],
  'a unique constraint on an index that is there': [
    outside(
      'create unique index concurrently if not exists circles_radius_key on circles (radius)',
      'drop index concurrently if exists circles_radius_key',
    ),
    {
      up: 'alter table circles add constraint circles_radius_key unique using index circles_radius_key',
      down: `alter table circles drop constraint circles_radius_key; create unique index circles_radius_key on circles (radius)`,
    },
  ],
  'NOT NULL where a valid check says the same': [
    outside('alter table circles validate constraint circles_later_check', 'select 1'),
    {
      up: 'alter table circles alter later set not null',
      down: 'alter table circles alter later drop not null',
    },
  ],
  'changes in batches': [outside(inBatches, 'select 1')],
  'few rows that change': [
    {
      up: `update circles set color = 'red' where id < '00000000-0000-7000-8000-000000000064'`,
      down: 'select 1',
    },
  ],
  'a longer text, which PostgreSQL need not rewrite': [
    {
      up: 'alter table circles alter color type varchar',
      down: 'alter table circles alter color type text',
    },
  ],
  'a column that nobody reads any more': [
    { up: 'alter table circles drop column unused', down: 'alter table circles add column unused text' },
  ],
  'a table that nobody reads any more': [
    { up: 'drop table triangles', down: 'create table triangles (id uuid primary key)' },
  ],
};

for (const [what, samples] of Object.entries(fine)) {
  test.serial(`${what} may land`, async (t) => {
    t.deepEqual(await lint(Object.fromEntries(samples.map((sample) => [nextName(), sample]))), []);
  });
}

test.serial(
  'a name that is odd or comes too early is refused, and what is released may not change',
  async (t) => {
    const sample = add('size text');
    t.like(await lint({ '20270102000000-Sample.js': sample }), [{ rule: 'name' }]);
    t.like(await lint({ '20251231235959_too_early.js': sample }), [{ rule: 'order' }]);
    const path = join(root, 'migrations', releasedName);
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}\n`);
    t.like(await lint({}, await findRunningVersion(root, undefined)), [
      { rule: 'released', migration: releasedName },
    ]);
    await rm(path);
    t.like(await lint({}, await findRunningVersion(root, undefined)), [
      { rule: 'released', migration: releasedName },
    ]);
    await writeFile(path, text);
    t.deepEqual(await lint({}, await findRunningVersion(root, undefined)), []);
  },
);

test.serial('what a branch reads no more is still read by main, until main has that too', async (t) => {
  const without = { ...code, 'src/models/circle.ts': `tableName = 'circles'; declare name: string;` };
  const drop = {
    up: 'alter table circles drop column old_name',
    down: 'alter table circles add column old_name text',
  };
  await git('switch', '--quiet', '--create', 'branch');
  await write(without);
  await git('commit', '--quiet', '--all', '--message=Reads it no more');
  t.like(await lint({ [nextName()]: drop }, await findRunningVersion(root, undefined)), [
    { rule: 'still-read' },
  ]);

  await git('switch', '--quiet', 'main');
  await git('merge', '--quiet', '--no-ff', 'branch');
  t.deepEqual(await lint({ [nextName()]: drop }, await findRunningVersion(root, undefined)), []);
  // As GitHub checks out a pull request.
  const { changed, migrations } = await findRunningVersion(root, 'main');
  t.deepEqual({ changed, migrations }, { changed: [], migrations: [releasedName] });
});

test.serial('without Git there is nothing to compare with, and that is said', async (t) => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'tripod-rules-'));
  t.teardown(() => rm(elsewhere, { recursive: true }));
  await t.throwsAsync(() => findRunningVersion(elsewhere, undefined), {
    instanceOf: NoRunningVersion,
    message: /^Git knows no origin\/main or main here/,
  });
});
