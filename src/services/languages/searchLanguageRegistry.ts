import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Language } from '../../models/language.ts';
import { searchRegistry } from './registry.ts';

const mostCandidates = 20;

export async function searchLanguageRegistry(
  { database }: Context,
  { q = '' }: { q?: string },
): Promise<Schema<'LanguageCandidate'>[]> {
  const candidates = searchRegistry(q, mostCandidates);
  const codes = candidates.map(({ iso6393 }) => iso6393);
  const known = await Language.query(database).select('id', 'code').whereIn('code', codes);
  const idOf = new Map(known.map(({ id, code }) => [code, id]));
  return candidates.map(({ iso6393: code, name, scope, type }) => ({
    ...{ code, name, scope, type },
    language_id: idOf.get(code) ?? null,
  }));
}
