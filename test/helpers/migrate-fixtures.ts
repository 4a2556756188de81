import { connectForMigrations } from '../../src/core/database.ts';
import { migrate } from '../../src/core/migrate.ts';
import { fixtures } from './migration-fixtures.ts';

const url = process.env['DATABASE_URL'] ?? '';
const database = connectForMigrations(url);
await migrate(database, { source: fixtures }).finally(() => database.destroy());
