import { isDeepStrictEqual } from 'node:util';
import type { Signed } from '../helpers/client.ts';
import { operationAt, type Operation } from '../helpers/contract.ts';
import { answerFindings, problemFindings, type Received } from './check-answer.ts';
import type { Deployment, Question } from './deployment.ts';

/** An operation that answered 200, and that answer. */
export interface Asked {
  readonly deployment: Deployment;
  readonly operation: Operation;
  readonly path: string;
  readonly as: Signed | undefined;
  readonly first: Received;
}

/** What more a GET has to bear once it has answered; each says what is not as it should be. */
export const questions: Readonly<Record<string, (asked: Asked) => Promise<string[]>>> = {
  'If-None-Match': async ({ deployment, operation, path, as, first }) => {
    if (!('304' in operation.responses)) return [];
    const tag = first.headers.get('ETag');
    if (tag === null) return [];
    const again = await deployment.ask({ path, as, headers: { 'If-None-Match': tag } });
    // Somebody may have changed it in between.
    if (again.status === 200 && !isDeepStrictEqual(again.body, first.body)) return [];
    if (again.status !== 304) return [`answered ${again.status}, not 304`];
    const changed = again.headers.get('ETag') === tag ? [] : ['304 has another ETag'];
    return [...answerFindings(operation, again), ...changed];
  },

  HEAD: async ({ deployment, operation, path, as, first }) => {
    const head = await deployment.ask({ method: 'HEAD', path, as });
    if (head.status !== first.status) return [`answered ${head.status}, not ${first.status}`];
    return answerFindings(operation, head, 'HEAD');
  },

  'an unknown query parameter': ({ deployment, operation, path, as }) =>
    refusal({ deployment, operation }, 400, { path: withQuery(path, 'no_such_parameter=1'), as }),

  'no token': ({ deployment, operation, path }) =>
    operation.role === 'public' ? Promise.resolve([]) : refusal({ deployment, operation }, 401, { path }),

  'pages of one': async ({ deployment, operation, path, as }) => {
    if (!operation.parameters.some(({ name }) => name === 'limit')) return [];
    const page = await deployment.ask({ path: withQuery(path, 'limit=1'), as });
    if (page.status !== 200) return [`answered ${page.status}, not 200`];
    const next = /<([^>]*)>; *rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
    const findings = answerFindings(operation, page);
    if (Array.isArray(page.body) && page.body.length > 1) findings.push('more than one came');
    if (next === undefined) return findings;
    if (operationAt('GET', next)?.id !== operation.id) return [...findings, 'Link leads elsewhere'];
    const following = await deployment.ask({ path: next, as });
    if (following.status !== 200) return [...findings, `the next page answered ${following.status}, not 200`];
    if (isDeepStrictEqual(following.body, page.body)) findings.push('the next page is the same');
    return [...findings, ...answerFindings(operation, following)];
  },
};

/** Where a request is not refused as it should be. */
export async function refusal(
  { deployment, operation }: Pick<Asked, 'deployment' | 'operation'>,
  status: number,
  question: Question,
): Promise<string[]> {
  const received = await deployment.ask(question);
  if (received.status !== status) return [`answered ${received.status}, not ${status}`];
  return [...new Set([...answerFindings(operation, received), ...problemFindings(received)])];
}

function withQuery(path: string, query: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}
