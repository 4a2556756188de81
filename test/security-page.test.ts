import { existsSync, readFileSync } from 'node:fs';
import test from 'ava';

const page = readFileSync(new URL('../docs/security.md', import.meta.url), 'utf8');
const named = /`(?<file>[a-z/-]+)`(?: › (?<title>[^|<]+))?(?=<br>| *\|\n)/g;
const tests = [...page.matchAll(named)].map(({ groups }) => ({
  file: groups?.['file'] ?? '',
  title: groups?.['title']?.trim() ?? '',
}));

test('docs/security.md names tests that there are', (t) => {
  t.true(tests.length > 60, `${tests.length}`);
  for (const { file, title } of tests) {
    const source = new URL(`${file}.test.ts`, import.meta.url);
    const found = existsSync(source) && readFileSync(source, 'utf8').replaceAll("\\'", "'").includes(title);
    t.true(found, `${file} › ${title}`);
  }
});
