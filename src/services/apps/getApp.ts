import type { Context } from '../../core/context.ts';
import { notFound, type Problem } from '../../core/errors.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';

const appById = prepareQuery<Schema<'App'>, { id: string }>(({ id }, database) =>
  App.query(database)
    .select(...App.columns)
    .findById(id),
);

export async function getApp({ database }: Context, id: string): Promise<Schema<'App'>> {
  const [app] = await appById(database, { id });
  return app ?? Promise.reject(noSuchApp());
}

export function noSuchApp(): Problem {
  return notFound('There is no such app.');
}
