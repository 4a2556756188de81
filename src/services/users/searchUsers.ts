import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { foldText } from '../../core/text.ts';
import { User } from '../../models/user.ts';

const mostFound = 20;
/** Looking up all three-letter parts of a long text in the index would take longer than reading the whole table. */
const indexedLength = 12;

/** A whole e-mail comes first, then the beginning of an e-mail, a name or a word in them, then whatever is inside. */
export async function searchUsers(
  { database }: Context,
  { q = '' }: { q?: string },
): Promise<Schema<'ListedUser'>[]> {
  const text = foldText(q.trim());
  if (text === '') return [];
  const beginning = Array.from(text)
    .slice(0, indexedLength)
    .join('')
    .replace(/[\\%_]/g, '\\$&');
  return User.query(database)
    .select(...User.listedColumns)
    .where('search_text', 'like', `%${beginning}%`)
    .whereRaw('strpos(search_text, ?) > 0', [text])
    .orderByRaw('case when email = ? then 0 when search_text ~ ? then 1 else 2 end, email', [
      text,
      `(^|[^[:alnum:]])${text.replace(/[^\p{L}\p{N}]/gu, '\\$&')}`,
    ])
    .limit(mostFound);
}
