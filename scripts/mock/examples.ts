import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import { resolve, type ContractDocument } from '../../src/http/contract.ts';
import type { Operation } from '../../src/http/operations.ts';
import { shownBodies } from '../shown-bodies.ts';

/** What the contract shows of one answer of an operation. */
export interface ExampleAnswer {
  readonly status: number;
  readonly mediaType: string | undefined;
  /** By their names; one alone has none. */
  readonly bodies: ReadonlyMap<string, unknown>;
  /** Those that always come. */
  readonly headers: Readonly<Record<string, string>>;
}

/** All that an operation declares, by their status. */
export type Answers = ReadonlyMap<number, ExampleAnswer>;
export type AnswersOf = (operation: Operation) => Answers;

/** What a request gets that goes well; one whose work may be done already gets what it does for doing it. */
export function usual(answers: Answers): ExampleAnswer {
  const best = [...answers.values()].filter(({ status }) => status < 300).at(-1);
  if (!best) throw new TypeError('the operation declares no success');
  return best;
}

export function exampleAnswers(document: ContractDocument, { path, method }: Operation): Answers {
  const item = document.paths?.[path];
  const operation = item?.[method.toLowerCase() as 'get'];
  return new Map(
    Object.entries(operation?.responses ?? {}).map(([status, response]) => [
      Number(status),
      exampleAnswer(document, Number(status), resolve<OpenAPIV3.ResponseObject>(document, response)),
    ]),
  );
}

function exampleAnswer(
  document: ContractDocument,
  status: number,
  { content = {}, headers = {} }: OpenAPIV3.ResponseObject,
): ExampleAnswer {
  const [mediaType, shown] = Object.entries(content)[0] ?? [];
  const shownHeaders = Object.entries(headers).flatMap(([name, reference]) => {
    const header = resolve<OpenAPIV3.HeaderObject>(document, reference);
    return header.required ? [[name, String(header.example)] as const] : [];
  });
  return {
    status,
    mediaType,
    bodies: shown ? shownBodies(document, shown) : new Map(),
    headers: Object.fromEntries(shownHeaders),
  };
}
