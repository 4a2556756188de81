import { fileURLToPath } from 'node:url';
import { migrationsIn } from '../../src/core/migrations/source.ts';

/** Two tables; a change of both, one after the other; an index, which is built outside transactions. */
export const fixtures = migrationsIn(fileURLToPath(new URL('../fixtures/migrations', import.meta.url)));
