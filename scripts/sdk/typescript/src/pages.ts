import type { Client, MaybeOptionalInit } from 'openapi-fetch';
import type { paths } from './generated/contract.ts';
import { dataOf } from './problem.ts';

/** Query, items and paths of what can be walked through: whatever takes a `cursor`. */
type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } }
  ? NonNullable<Query>
  : never;
type HasCursor<Query> = [Query] extends [never] ? false : 'cursor' extends keyof Query ? true : false;
export type ListPath = {
  [Path in keyof paths]: HasCursor<QueryOf<Path>> extends true ? Path : never;
}[keyof paths];
export type PageOf<Path extends ListPath> = paths[Path] extends {
  get: { responses: { 200: { content: { 'application/json': infer Page } } } };
}
  ? Page
  : never;

type Init<Path extends ListPath> = MaybeOptionalInit<paths[Path], 'get'>;

export type Pages = <Path extends ListPath>(
  path: Path,
  ...init: undefined extends Init<Path> ? [init?: Init<Path>] : [init: Init<Path>]
) => AsyncGenerator<PageOf<Path>, void>;

/** What all lists have in common. */
interface ListInit {
  readonly params?: { readonly query?: Readonly<Record<string, unknown>> };
}

/** Walks through a list, page by page. */
export function createPages(client: Client<paths>): Pages {
  return async function* pages<Path extends ListPath>(path: Path, ...[init]: readonly unknown[]) {
    const { params, ...rest } = (init ?? {}) as ListInit;
    const options = { ...rest, params: { ...params, query: { limit: 100, ...params?.query } } };
    for (let search: string | undefined = ''; search !== undefined;) {
      const asLinked: string = search;
      // Any list will do here: what its items are is known from the path.
      const answer = await client.GET(path as '/api/projects', {
        ...options,
        ...(asLinked === '' ? {} : { querySerializer: () => asLinked }),
      });
      yield (await dataOf(answer)) as PageOf<Path>;
      search = nextSearch(answer.response.headers.get('Link'));
    }
  };
}

/** The query of the address that a `Link` header (RFC 8288) names as the next page, as it stands. */
function nextSearch(link: string | null): string | undefined {
  return /<[^<>?]*(\?[^<>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
}
