import test, { type ExecutionContext } from 'ava';
import { fetchSecrets } from '../src/core/secret-manager.ts';
import { readSecretPlaces } from '../src/core/secret-settings.ts';
import { SettingError } from '../src/core/settings.ts';
import { startSecretManager } from './helpers/secret-manager.ts';

const patience = { timeout: 500, retries: 2, minTimeout: 10 };
const value = 'postgresql://service:välue@database.example.org/tripod';
const busy = { code: 503, status: 'UNAVAILABLE', message: 'The service is currently unavailable.' };
const tooOften = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'Quota exceeded.' };

type Sayings = Parameters<typeof startSecretManager>[1][string];

/** Asks for `DATABASE_URL` in a secret of whose answers these come first. */
async function ask(t: ExecutionContext, sayings: Sayings) {
  const { environment, asked } = await startSecretManager(t, { url: sayings });
  // The client's own library finds its account by what the process was given.
  Object.assign(process.env, environment);
  const { manager } = readSecretPlaces({ ...environment, SECRETS: 'DATABASE_URL=url' });
  if (!manager) throw new Error('Secret Manager is not asked at all');
  return { answer: fetchSecrets(manager, patience), asked };
}

async function refusal(t: ExecutionContext, sayings: Sayings) {
  const { answer, asked } = await ask(t, sayings);
  const error = await t.throwsAsync(answer, { instanceOf: SettingError });
  t.notRegex(error.message, /\n|välue|dsOkbHVl/);
  return { message: error.message, times: asked.length };
}

test.serial('A secret is read in the version that is asked for', async (t) => {
  const { answer, asked } = await ask(t, [{ value }]);
  t.deepEqual(await answer, { DATABASE_URL: value });
  t.deepEqual(asked, ['/v1/projects/tripod-test/secrets/url/versions/latest:access']);
});

test.serial('The checksum is the one that Castagnoli found', async (t) => {
  const { answer } = await ask(t, [{ value: '123456789', checksum: String(0xe3069283) }]);
  t.deepEqual(await answer, { DATABASE_URL: '123456789' });
});

for (const passing of [busy, tooOften, 'hang up', 'silence', { value, checksum: '1' }] as const) {
  const name = typeof passing === 'string' ? passing : 'code' in passing ? passing.code : 'a damaged value';

  test.serial(`A secret is asked for again after ${name}`, async (t) => {
    const { answer, asked } = await ask(t, [passing, passing, { value }]);
    t.deepEqual(await answer, { DATABASE_URL: value });
    t.is(asked.length, 3);
  });

  test.serial(`A secret is given up when there is nothing but ${name}`, async (t) => {
    const { message, times } = await refusal(t, [passing]);
    t.regex(message, /^DATABASE_URL cannot be read from secret url, .+: please try again later\.$/);
    t.is(times, 3);
  });
}

test.serial('A refusal names the secret, the project and the role that is missing', async (t) => {
  const said = "Permission 'secretmanager.versions.access' denied for resource.\n(or it may not exist)";
  const { message, times } = await refusal(t, [{ code: 403, status: 'PERMISSION_DENIED', message: said }]);
  t.regex(
    message,
    /^DATABASE_URL cannot be read from secret url, version latest, of project tripod-test \(Perm/,
  );
  t.regex(message, /: please grant this account the role roles\/secretmanager\.secretAccessor on it\.$/);
  t.is(times, 1);
});

test.serial('A secret that is not there is named, and what to do about it', async (t) => {
  const { message, times } = await refusal(t, [
    {
      code: 404,
      status: 'NOT_FOUND',
      message: 'Secret [projects/1/secrets/url] not found or has no versions.',
    },
  ]);
  t.regex(
    message,
    /secret url, .+ not found .+: please add it there, or leave DATABASE_URL out of SECRETS\.$/,
  );
  t.is(times, 1);
});

test.serial('A version that is disabled is told in the words of Secret Manager', async (t) => {
  const said = 'Secret Version [projects/1/secrets/url/versions/1] is in DISABLED state.';
  const { message, times } = await refusal(t, [{ code: 400, status: 'FAILED_PRECONDITION', message: said }]);
  t.regex(message, /is in DISABLED state\)\.$/);
  t.is(times, 1);
});

for (const [name, wrong] of Object.entries({
  SECRETS_PROJECT_ID: ['Not/An/Id', '../other', 'x'],
  SECRETS: ['DATABASE_URL', 'PORT=port', 'DATABASE_URL=a/b', 'DATABASE_URL=a:1:2', 'DATABASE_URL=a,'],
  SECRETS_ENDPOINT: [
    'http://secrets.example.org',
    'nowhere',
    'https://secrets.example.org/v1',
    'ftp://localhost',
  ],
})) {
  test(`A wrong ${name} is told by its name`, (t) => {
    for (const text of wrong)
      t.throws(
        () => readSecretPlaces({ [name]: text }),
        { instanceOf: SettingError, message: new RegExp(`^${name} must `) },
        text,
      );
  });
}
