import type { ProblemDocument } from '../../src/core/errors.ts';
import { document, operations, resolved, type OperationId } from './contract.ts';

export interface ContractExample {
  /** Where it stands, as a JSON pointer. */
  readonly pointer: string;
  /** What the contract calls it among others, if it does. */
  readonly name: string;
  readonly value: unknown;
}

/** Where everything stands that has examples: a schema, a parameter, a header, a media type. */
const places = new Map<object, string>();

/** Every example of the contract. */
export const contractExamples: readonly ContractExample[] = [...find(document, '#')];

function* find(node: unknown, at: string): Generator<ContractExample> {
  if (typeof node !== 'object' || node === null) return;
  places.set(node, at);
  for (const [key, child] of Object.entries(node)) {
    if (key === 'example' || key === 'examples') continue;
    yield* find(child, `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
  yield* ownExamples(node).filter(({ pointer }) => pointer.startsWith(`${at}/`));
}

/** Those that stand at a node of the contract, or that it refers to. */
export function ownExamples(node: object): ContractExample[] {
  const at = places.get(node) ?? '';
  const { example, examples = {} } = node as { example?: unknown; examples?: object };
  const one = example === undefined ? [] : [{ pointer: `${at}/example`, name: '', value: example }];
  const several = Object.entries(examples).map(([name, given]: [string, unknown]) => {
    if (Array.isArray(examples)) return { pointer: `${at}/examples/${name}`, name: '', value: given };
    const { $ref } = given as { $ref?: string };
    const { value } = resolved(given) as { value: unknown };
    return { pointer: $ref ?? `${at}/examples/${name}`, name, value };
  });
  return [...one, ...several];
}

/** What an operation shows as its answer: examples of its own, or the first of its schema. */
export function shownAnswers(id: OperationId, status: number): ContractExample[] {
  const { content = {} } = operations.get(id)?.responses[status] ?? {};
  const [media] = Object.values(content);
  if (!media) return [];
  const own = ownExamples(media);
  return own.length > 0 ? own : ownExamples(resolved(media.schema)).slice(0, 1);
}

/** The first of them. @throws {Error} where there is none */
export function shownAnswer(id: OperationId, status = 200): unknown {
  const [first] = shownAnswers(id, status);
  if (!first) throw new Error(`${id} shows no answer ${status}`);
  return first.value;
}

/**
 * The error of that name, or of that name and the one it has among others: `SlugTaken`, `LastAdminOrManager/last_admin`.
 * @throws {Error} where there is none
 */
export function shownProblem(name: string): ProblemDocument {
  const [answer = '', example] = name.split('/');
  const end = example === undefined ? '/example' : `/examples/${example}`;
  const found = contractExamples.find(
    ({ pointer }) =>
      pointer === `#/components/examples/${answer}` ||
      (pointer.startsWith(`#/components/responses/${answer}/`) && pointer.endsWith(end)),
  );
  if (!found) throw new Error(`the contract has no example ${name}`);
  return found.value as ProblemDocument;
}

/** The bodies that an operation shows to be sent. */
export function shownBodies(id: OperationId): unknown[] {
  const schema = operations.get(id)?.bodySchema;
  return schema ? ownExamples(resolved(schema)).map(({ value }) => value) : [];
}
