import type { Answer, Client, RawRequest } from './client.ts';

/** How many pages a walk may have before it is taken for endless. */
const mostPages = 1_000;

/** One page after the other, from the first on, each by the address that the one before has given. */
export async function* pagesOf(client: Client, first: RawRequest): AsyncGenerator<Answer<unknown[]>> {
  let path: string | undefined = first.path;
  for (let pages = 0; path !== undefined; pages += 1) {
    if (pages === mostPages) throw new Error(`${first.path} has no end`);
    const answer: Answer<unknown> = await client.send({ ...first, path });
    if (answer.status !== 200)
      throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    yield answer as Answer<unknown[]>;
    path = nextOf(answer.headers.get('Link'), path);
  }
}

/** All items of a list, in order. */
export async function wholeList(client: Client, request: RawRequest): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { body } of pagesOf(client, request)) items.push(...body);
  return items;
}

/**
 * The target of the link to the next page (RFC 8288, section 3), resolved against the address that gave it.
 * @throws {Error} when the header is none
 */
export function nextOf(link: string | null, base: string): string | undefined {
  if (link === null) return undefined;
  const [whole, target, parameters] =
    /^\s*<([^<>\s"]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"\\]*"|[\w.+-]+))*)\s*$/.exec(link) ?? [];
  const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|(\w+))/.exec(parameters ?? '');
  if (
    whole === undefined ||
    target === undefined ||
    !(relation?.[1] ?? relation?.[2] ?? '').split(' ').includes('next')
  )
    throw new Error(`not a link to a next page: ${link}`);
  const { pathname, search } = new URL(target, new URL(base, 'http://localhost'));
  return pathname + search;
}

/** The same request for pages of this size, or with other changes to its query. */
export function withQuery(request: RawRequest, query: Readonly<Record<string, string>>): RawRequest {
  const { pathname, searchParams } = new URL(request.path, 'http://localhost');
  for (const [name, value] of Object.entries(query)) searchParams.set(name, value);
  return { ...request, path: `${pathname}?${searchParams.toString()}` };
}
