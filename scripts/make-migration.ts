import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileName } from './lint-migrations/file-name.ts';

const template = `export const up = (knex) =>
  knex.raw(\`
    create table circles (
      id uuid primary key
    )
  \`);

export const down = (knex) => knex.raw('drop table circles');
`;

// npm runs it in the project's directory.
const directory = resolve('migrations');
const [name = '', ...rest] = process.argv.slice(2);
const taken = readdirSync(directory).filter((file) => file.endsWith('.js'));
const refusal = refusalOf();
if (refusal === undefined) {
  const path = join(directory, `${timeAfter(taken)}_${name}.js`);
  writeFileSync(path, template, { flag: 'wx' });
  console.log(`${relative(process.cwd(), path)} is yours to fill; migrations/README.md says how.`);
} else {
  console.error(refusal);
  process.exitCode = 1;
}

function refusalOf(): string | undefined {
  if (rest.length > 0 || !fileName.test(`${'0'.repeat(14)}_${name}.js`))
    return 'Please name it in lower case, with underscores:\n  npm run db:make -- add_what_is_new';
  const namesake = taken.find((file) => file.slice(15) === `${name}.js`);
  return namesake && `migrations/${namesake} has that name already: please take another.`;
}

/** Now, in UTC, or as long after the last one as it needs to come last. */
function timeAfter(files: string[]): string {
  const now = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const last = files.sort().at(-1)?.slice(0, 14) ?? '0';
  return now > last ? now : String(BigInt(last) + 1n);
}
