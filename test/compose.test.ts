import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { readSecretPlaces } from '../src/core/secret-settings.ts';

interface Service {
  readonly profiles?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly volumes?: readonly (string | { readonly target: string; readonly read_only?: boolean })[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const compose = parse(readFileSync(new URL('../docker-compose.yml', import.meta.url), 'utf8'), {
  merge: true,
}) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
};
const { backend, postgres, lint, 'gcp-secrets': secrets, 'backend-offline': offline } = compose.services;

test('The backend waits until its secrets are read, and reads what the sidecar has written', (t) => {
  t.deepEqual(backend?.depends_on, { 'gcp-secrets': { condition: 'service_completed_successfully' } });
  t.true(secrets?.volumes?.includes('secrets:/secrets'));
  t.true(backend?.volumes?.includes('secrets:/secrets:ro'));
  for (const service of [backend, secrets]) t.is(service?.environment?.['SECRETS_DIRECTORY'], '/secrets');
});

test('The sidecar reads the two secrets of the project that is named', (t) => {
  t.is(secrets?.environment?.['SECRETS_PROJECT_ID'], '${SECRETS_PROJECT_ID:-}');
  const { manager } = readSecretPlaces({ ...secrets?.environment, SECRETS_PROJECT_ID: 'a-project' });
  t.deepEqual(manager?.secrets, [
    { setting: 'DATABASE_URL', secret: 'tripod_backend_neon_database_url_local', version: 'latest' },
    { setting: 'JWT_SECRET_KEY', secret: 'tripod_backend_jwt_secret', version: 'latest' },
  ]);
  t.true(secrets?.command?.includes('src/write-secrets.ts'));
});

test('Without a profile there are the sidecar and the backend; lint and offline come when asked for', (t) => {
  const inProfile = (profile: string | undefined) =>
    Object.keys(compose.services).filter((name) => compose.services[name]?.profiles?.[0] === profile);
  t.deepEqual(inProfile(undefined), ['gcp-secrets', 'backend']);
  t.deepEqual(inProfile('lint'), ['lint']);
  t.deepEqual(inProfile('offline'), ['backend-offline', 'postgres']);
  t.regex(lint?.command?.join(' ') ?? '', /npm run lint$/);
});

test('Both backends start again after a change of the checkout', (t) => {
  for (const service of [backend, offline]) {
    t.deepEqual(service?.command, ['npm', 'run', 'dev']);
    t.true(service?.volumes?.includes('.:/app'));
  }
});

test('Offline, there is a PostgreSQL that only the backend reaches, and nothing of Google Cloud', (t) => {
  t.deepEqual(offline?.depends_on, { postgres: { condition: 'service_healthy' } });
  t.notRegex(JSON.stringify([offline, postgres]), /secrets|google|credentials/i);
  t.is(postgres?.ports, undefined);
  t.deepEqual(postgres?.networks, ['database']);
  t.true(compose.networks['database']?.internal);
});

test('No port is open to other machines, and no secret is written down', (t) => {
  for (const { ports = [], environment = {} } of Object.values(compose.services)) {
    for (const port of ports) t.regex(port, /^127\.0\.0\.1:\d+:\d+$/);
    for (const [name, value] of Object.entries(environment)) {
      t.notRegex(name, /PASSWORD|TOKEN|SECRET_KEY/);
      t.notRegex(value, /:\/\/[^/@]*:[^/@]+@/);
    }
  }
});
