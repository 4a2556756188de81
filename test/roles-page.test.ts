import { readFileSync } from 'node:fs';
import test from 'ava';
import { operations } from './helpers/contract.ts';

const page = readFileSync(new URL('../dist/roles.html', import.meta.url), 'utf8');
const rows = new Map(
  [...page.matchAll(/<tr role="row" data-callers="([^"]*)" data-id="([^"]*)">(.*)<\/tr>/g)].map(
    ([, callers = '', id = '', cells = '']) => [id, { callers: callers.split(' '), cells }],
  ),
);

/** Which alternatives let somebody with this role alone call. */
const enough: Record<string, RegExp> = {
  user: /^user:/,
  'app-any-role': /^app:.+:\*$/,
  'app-admin': /^app:.+:(admin|\*)$|^access_request:/,
  'app-facilitator': /^app:.+:(facilitator|\*)$/,
  'organization-member': /^organization:.+:member$/,
  'organization-manager': /^organization:/,
  'project-member': /^project:.+:member$/,
  'project-manager': /^project:/,
  'platform-admin': /^platform:admin$/,
};

test('/docs/roles has a row for each operation of the contract', (t) => {
  t.deepEqual([...rows.keys()].sort(), [...operations.keys()].sort());
});

test('/docs/roles lets call who meets what the contract requires, and nobody else', (t) => {
  for (const [id, { role: required }] of operations) {
    const expected = Object.keys(enough).filter(
      (caller) => typeof required === 'string' || required.some((each) => enough[caller]?.test(each)),
    );
    if (typeof required === 'string') expected.unshift('signed-in');
    if (required === 'public') expected.unshift('everyone');
    t.deepEqual(rows.get(id)?.callers, expected, id);
  }
});

test('/docs/roles has a cell for each column', (t) => {
  const columns = page.match(/<col\b/g)?.length ?? 0;
  t.is(columns, Object.keys(enough).length + 4);
  for (const [id, { cells }] of rows) t.is(cells.match(/<t[dh]\b/g)?.length, columns, id);
});

test('/docs/roles tells a role in what the request names from one held anywhere', (t) => {
  t.regex(
    rows.get('updateOrganization')?.cells ?? '',
    /●<\/span><span class="unseen">yes<\/span> <b>this<\/b>/,
  );
  t.regex(rows.get('createPhase')?.cells ?? '', /●<\/span><span class="unseen">yes<\/span> <b>any<\/b>/);
  t.notRegex(rows.get('createPhase')?.cells ?? '', /<b>this<\/b>/);
});
