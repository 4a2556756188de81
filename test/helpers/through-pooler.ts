/** Where the pooler of `npm run test:pooled` is. */
const pooler = process.env['TEST_POOLER'];

/** It may be older than 1.21. */
export const preparedStatements = pooler === undefined;

/** The address by which the service reaches a database of the tests' cluster; any other database is reached as it is. */
export function throughPooler(databaseUrl: string): string {
  if (pooler === undefined) return databaseUrl;
  const url = new URL(databaseUrl);
  const cluster = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  if (url.searchParams.get('host') !== cluster.searchParams.get('host')) return databaseUrl;
  url.host = pooler;
  url.search = '';
  return url.href;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What a service has to be told to work through the pooler: migrations go past it. */
export function settingsThroughPooler(settings: Environment): Environment {
  const direct = settings['DATABASE_URL'];
  if (pooler === undefined || direct === undefined) return settings;
  const DATABASE_URL = throughPooler(direct);
  if (DATABASE_URL === direct) return settings;
  const MIGRATION_DATABASE_URL = settings['MIGRATION_DATABASE_URL'] ?? direct;
  return { DATABASE_PREPARED_STATEMENTS: 'off', ...settings, DATABASE_URL, MIGRATION_DATABASE_URL };
}
