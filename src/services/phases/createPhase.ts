import type { Context } from '../../core/context.ts';
import { newId } from '../../core/ids.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';

type Row = Omit<Schema<'Phase'>, 'project_ids'>;

const insert = prepareQuery<Row, Schema<'CreatePhaseRequest'> & { id: string }>((phase, database) =>
  database(Phase.tableName)
    .insert(phase)
    .returning([...Phase.columns]),
);

export async function createPhase(
  { database }: Context,
  phase: Schema<'CreatePhaseRequest'>,
): Promise<Schema<'Phase'>> {
  const [row] = await insert(database, { id: newId(), ...phase });
  if (!row) throw new TypeError('An insert returns its row.');
  return { ...row, project_ids: [] };
}
