import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { foldText } from '../../core/text.ts';
import { User } from '../../models/user.ts';

const mostFound = 20;
/** Of what is in very many, no more are put in order: that would take longer the more users there are. */
const mostOrdered = 1_000;
/** Looking up all three-letter parts of a long text in the index would take longer than reading the whole table. */
const indexedLength = 12;

/** All but `text` are patterns: for an e-mail that begins with it, for its beginning anywhere, for where a word begins with it. */
interface Search {
  readonly text: string;
  readonly email: string;
  readonly part: string;
  readonly word: string;
}

const usersWith = prepareQuery<Schema<'ListedUser'>, Search>(({ text, email, part, word }, database) => {
  const users = () => database('users').select(...User.listedColumns, 'search_text');
  const byEmail = users().where('email', 'like', email).orderBy('email').limit(mostFound);
  const byPart = users()
    .where('search_text', 'like', part)
    .whereRaw('strpos(search_text, ?) > 0', [text])
    .limit(mostOrdered);
  return User.query(database)
    .from(database.queryBuilder().union([byEmail, byPart], true).as('users'))
    .select(...User.listedColumns)
    .orderByRaw('case when email = ? then 0 when search_text ~ ? then 1 else 2 end, email', [text, word])
    .limit(mostFound);
});

/**
 * A whole e-mail comes first, then the beginning of an e-mail, a name or a word in them, then whatever is inside. Where more
 * than can be put in order have it, the first e-mails that begin with it are among them.
 */
export async function searchUsers(
  { database }: Context,
  { q = '' }: { q?: string },
): Promise<Schema<'ListedUser'>[]> {
  const text = foldText(q.trim());
  if (text === '') return [];
  const beginning = Array.from(text).slice(0, indexedLength).join('');
  return usersWith(database, {
    text,
    email: `${asPattern(text)}%`,
    part: `%${asPattern(beginning)}%`,
    word: `(^|[^[:alnum:]])${text.replace(/[^\p{L}\p{N}]/gu, '\\$&')}`,
  });
}

function asPattern(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
