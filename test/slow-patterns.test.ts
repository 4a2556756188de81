import test from 'ava';
import { check } from 'recheck';
import { codePatterns, contractPatterns, type Pattern } from './helpers/patterns.ts';

/** Its patterns look at our own page, once at the start, and never at what a client sends. */
const readsNoInput = ['http/security-headers.ts'];

/** By what is counted, never by the clock, so that a busy machine finds the same. */
const parameters = { randomSeed: 1, attackTimeout: null, incubationTimeout: null, timeout: null };

/** The patterns that some text of a client's could keep busy for long. */
async function slowAmong(patterns: readonly Pattern[]): Promise<string[]> {
  const checked = await Promise.all(
    patterns.map(async ({ place, source, flags }) => {
      const { status } = await check(source, flags, parameters);
      return status === 'safe' ? [] : [`${place}: ${source} is ${status}`];
    }),
  );
  return checked.flat();
}

test('no pattern in the contract can be kept busy', async (t) => {
  const patterns = contractPatterns();
  t.true(patterns.length > 10);
  t.deepEqual(await slowAmong(patterns), []);
});

test('no regular expression in the code can be kept busy by what a client sends', async (t) => {
  const patterns = codePatterns();
  t.true(patterns.length > 15);
  t.deepEqual(await slowAmong(patterns.filter(({ place }) => !readsNoInput.includes(place))), []);
});

for (const source of ['^(a+)+$', '^([a-z]+-?)*$', '^a*a*$', '%.*$']) {
  test(`the pattern ${source} would be found`, async (t) => {
    const contract = { paths: { '/x': { parameters: [{ schema: { type: 'string', pattern: source } }] } } };
    t.is((await slowAmong(contractPatterns(contract))).length, 1);
  });
}
