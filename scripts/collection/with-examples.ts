import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import { resolve, type ContractDocument } from '../../src/http/contract.ts';
import { shownBodies } from '../shown-bodies.ts';

type Content = Readonly<Record<string, OpenAPIV3.MediaTypeObject>>;

/** A copy in which each body has its example beside it, for readers that don't look into schemas. */
export function withExamples(contract: ContractDocument): ContractDocument {
  const copy = structuredClone(contract);
  for (const content of contentsOf(copy)) {
    for (const media of Object.values(content)) {
      if (!media.examples) media.example = shownBodies(copy, media).get('');
    }
  }
  return copy;
}

function contentsOf(contract: ContractDocument): Content[] {
  const operations = Object.values(contract.paths ?? {}).flatMap(({ get, post, patch, delete: remove }) =>
    [get, post, patch, remove].filter((operation) => operation !== undefined),
  );
  return operations.flatMap(({ requestBody, responses = {} }) => [
    ...(requestBody ? [resolve<OpenAPIV3.RequestBodyObject>(contract, requestBody).content] : []),
    ...Object.values(responses).map(
      (response) => resolve<OpenAPIV3.ResponseObject>(contract, response).content ?? {},
    ),
  ]);
}
