/** Where the pooler of `npm run test:pooled` is. */
const pooler = process.env['TEST_POOLER'];

/** It may be older than 1.21. */
export const preparedStatements = pooler === undefined;

/** The address by which the service reaches a database of the tests' cluster; any other database is reached as it is. */
export function throughPooler(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const cluster = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  if (pooler === undefined || url.searchParams.get('host') !== cluster.searchParams.get('host'))
    return databaseUrl;
  url.host = pooler;
  url.search = '';
  return url.href;
}

/** What a service has to be told to work through the pooler: migrations go past it. */
export function settingsThroughPooler(
  settings: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const direct = settings['DATABASE_URL'];
  const DATABASE_URL = direct && throughPooler(direct);
  if (!direct || !DATABASE_URL || DATABASE_URL === direct) return settings;
  return {
    MIGRATION_DATABASE_URL: direct,
    DATABASE_PREPARED_STATEMENTS: 'off',
    ...settings,
    DATABASE_URL,
  };
}
