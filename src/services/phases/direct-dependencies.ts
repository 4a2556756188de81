import type { Database } from '../../core/database.ts';

/** Ids of the phases that the one in this column directly waits for, in ascending order. */
export function directDependencies(database: Database, column: string) {
  return database('phase_dependencies')
    .select('depends_on_id')
    .where('phase_dependencies.phase_id', database.ref(column))
    .orderBy('depends_on_id')
    .limit(10_000);
}
