import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { mailOutcomes, signInOutcomes } from '../src/core/metrics.ts';
import { operations } from './helpers/contract.ts';
import { startMetrics } from './helpers/metrics.ts';
import { password, platformAdmin, signUp } from './helpers/people.ts';
import { readQuery } from './helpers/promql.ts';
import { startService } from './helpers/service.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const page = read('docs/operations.md');
const { groups } = parse(read('docs/alerts.yml')) as {
  groups: { rules: { alert: string; expr: string; labels: { severity: string } }[] }[];
};
const rules = groups.flatMap(({ rules }) => rules);
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
const shown = [...page.matchAll(/`([^`\n]*\brate\([^`\n]*)`/g)].map(([, query = '']) => query);

test('every alert has its paragraph in docs/operations.md, and there are no others', (t) => {
  const written = [...page.slice(page.indexOf('## Alerts')).matchAll(/^### (.+)$/gm)].map(([, name]) => name);
  t.true(rules.length > 5);
  t.deepEqual(
    written,
    rules.map(({ alert }) => alert),
  );
  for (const { labels } of rules) t.true(['page', 'notify'].includes(labels.severity));
});

test('alerts and queries ask for what the service tells', async (t) => {
  const service = await startService({ oneInstance: true });
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const person = await signUp(service);
  await service.call('listUsers', 403, { as: person });
  await service.context.database.raw('alter table languages rename to tongues');
  await service.call('listLanguages', 500, { as: person });
  const told = [...(await read()).keys()];
  const names = new Set(told.map((sample) => sample.split('{', 1)[0] ?? ''));
  const labelsOf = (metric: string) =>
    new Set(
      told
        .filter((sample) => sample.startsWith(`${metric}{`))
        .flatMap((sample) => [...sample.matchAll(/(\w+)="/g)].map(([, label = '']) => label)),
    );
  t.true(shown.length > 2);
  for (const query of [...rules.map(({ expr }) => expr), ...shown]) {
    const { metrics, labels } = readQuery(query);
    t.true(metrics.size > 0, query);
    for (const metric of metrics) t.true(names.has(metric), metric);
    for (const [label, value] of labels) {
      t.true(
        [...metrics].some((metric) => labelsOf(metric).has(label)),
        `${query}: ${label}`,
      );
      if (label === 'operation')
        for (const id of value.split('|'))
          t.true(
            [...operations.keys()].some((known) => known === id),
            id,
          );
      if (label === 'outcome')
        t.true(
          [...signInOutcomes, ...mailOutcomes].some((known) => known === value),
          value,
        );
    }
  }
});

test('docs/operations.md leads to places that there are, and names settings that there are', (t) => {
  const anchors = new Map([['operations.md', page]]);
  const places = [...page.matchAll(/\]\((?!https:)([^)#]*)(?:#([^)]+))?\)/g)];
  t.true(places.length > 10);
  for (const [place, file = '', anchor] of places) {
    const name = file || 'operations.md';
    const target = anchors.get(name) ?? read(`docs/${name}`);
    anchors.set(name, target);
    const found = [...target.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading.toLowerCase().replaceAll(' ', '-'),
    );
    if (anchor !== undefined) t.true(found.includes(anchor), place);
  }
  for (const [, file = ''] of page.matchAll(/`((?:\.github|http|docs)\/[^`]+)`/g))
    t.true(existsSync(new URL(`../${file}`, import.meta.url)), file);
  const readme = read('README.md');
  const settings = [...page.matchAll(/`([A-Z]+(?:_[A-Z]+)+)\b/g)].map(([, name = '']) => name);
  t.true(settings.length > 10);
  for (const name of settings) t.true(readme.includes(`\`${name}\``) || name.startsWith('OTEL_'), name);
  for (const heading of ['Run', 'Deploy', 'Roll back', 'Rotate keys', 'Restore', 'Alerts'])
    t.true(headings.includes(heading), heading);
});

test('after a restore its statements sign everyone out, and stop links, mails and passwords from before', async (t) => {
  const service = await startService({ mail: { longestDelay: 3_600_000 } });
  t.teardown(() => service.stop());
  const { database, outbox } = service.context;
  const moment = new Date(Date.now() - 1_000).toISOString();
  const [person, changer, admin] = [
    await signUp(service),
    await signUp(service),
    await platformAdmin(service),
  ];
  await service.call('requestPasswordReset', 202, { body: { email: person.email } });
  await outbox.deliver();
  await service.call('requestPasswordReset', 202, { body: { email: person.email } });
  const statements = [...page.matchAll(/^ *```sql\n([^]*?)^ *```$/gm)].map(([, sql = '']) => sql);
  t.is(statements.length, 3);
  for (const sql of statements)
    await database.raw(sql.replace(`:'moment'`, `'${moment}'`).replace(`:'changed'`, `'{${changer.id}}'`));

  for (const { access_token, refresh_token } of [person, changer, admin]) {
    await service.call('getMe', 401, { as: { access_token } });
    await service.call('refreshTokens', 401, { body: { refresh_token } });
  }
  for (const table of ['mails', 'password_resets'])
    t.deepEqual(await database(table).select('id'), [], table);
  await service.call('logIn', 401, { body: { email: changer.email, password } });
  await service.call('logIn', 200, { body: { email: person.email, password } });
  await service.call('requestPasswordReset', 202, { body: { email: changer.email } });
  await outbox.deliver();
  t.is((await database('password_resets').where({ user_id: changer.id })).length, 1);
});
