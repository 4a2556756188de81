import { parseArgs } from 'node:util';
import { addressIn } from './address.ts';
import { CallerRefused, findCaller, leave } from './caller.ts';
import { NoAnswer, reach } from './deployment.ts';
import { heading, summary, tableRow } from './table.ts';
import { walk, type Row } from './walk.ts';

const usage = `Please name the address of a deployment, and if you like a page that is to call it:
  npm run conformance -- https://api.example.org [--origin https://console.example.org]
It asks as TRIPOD_TOKEN, or as TRIPOD_EMAIL with TRIPOD_PASSWORD, or else as nobody.`;

try {
  process.exitCode = await check(readArguments());
} catch (error) {
  if (!(error instanceof NoAnswer) && !(error instanceof CallerRefused)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function check({ address, origin }: { address: string; origin: string | undefined }): Promise<number> {
  const deployment = reach(address);
  await deployment.ask({ path: '/health' });
  const caller = await findCaller(deployment, process.env);
  const rows: Row[] = [];
  const interruption = new AbortController();
  process.once('SIGINT', () => {
    interruption.abort();
  });
  try {
    console.log(`${deployment.url}, asked as ${caller.name}${caller.isAdmin ? ', a platform admin' : ''}`);
    console.log(caller.session?.refresh_token ? 'The session begun for this ends with it.\n' : '');
    console.log(heading);
    for await (const row of walk(deployment, caller, origin)) {
      rows.push(row);
      console.log(tableRow(row));
      if (interruption.signal.aborted) break;
    }
  } finally {
    await leave(deployment, caller);
  }
  console.log(`\n${summary(rows)}`);
  return !interruption.signal.aborted && rows.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

function readArguments(): { address: string; origin: string | undefined } {
  const { values, positionals } = parseArgs({
    options: { origin: { type: 'string' } },
    allowPositionals: true,
    strict: false,
  });
  const { origin, ...unknown } = values;
  const address = addressIn(positionals);
  const isOrigin = origin === undefined || (typeof origin === 'string' && URL.canParse(origin));
  if (address !== undefined && isOrigin && Object.keys(unknown).length === 0) return { address, origin };
  console.error(usage);
  process.exit(1);
}
