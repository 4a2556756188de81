import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import { resolve, type ContractDocument } from './contract.ts';

/** The contract as the validator is given it. */
export function validatedContract(contract: ContractDocument): ContractDocument {
  const validated = structuredClone(contract);
  closeAnswers(validated);
  dropLengthsOfIds(validated);
  for (const item of Object.values(validated.paths ?? {})) {
    inlineParameters(validated, item);
    for (const operation of Object.values(item))
      dropProblems(validated, operation as Partial<OpenAPIV3.OperationObject>);
  }
  return validated;
}

/**
 * The contract leaves its answers open, so that a field may be added without breaking a client. This service sends exactly
 * what the contract names: here every object is closed, so that a column never leaks by accident.
 */
function closeAnswers({ components }: ContractDocument): void {
  for (const schema of Object.values(components.schemas ?? {})) {
    if ('properties' in schema) schema.additionalProperties ??= false;
  }
}

/** Their form says how long they are, and the validator would count the characters of each one in an answer. */
function dropLengthsOfIds(part: object): void {
  if ('format' in part && part.format === 'uuid' && 'maxLength' in part) delete part.maxLength;
  for (const each of Object.values(part) as unknown[])
    if (typeof each === 'object' && each !== null) dropLengthsOfIds(each);
}

/** The validator lower-cases ids only in parameters that are written where they are used: it passes over references. */
function inlineParameters(contract: ContractDocument, item: OpenAPIV3.PathItemObject): void {
  if ('parameters' in item)
    item.parameters = item.parameters.map((parameter) => structuredClone(resolve(contract, parameter)));
}

/** Problems are sent past the validator, which would compile a validator for each of them. */
function dropProblems(contract: ContractDocument, operation: Partial<OpenAPIV3.OperationObject>): void {
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const { content = {} } = resolve<OpenAPIV3.ResponseObject>(contract, response);
    if ('application/problem+json' in content) delete operation.responses?.[status];
  }
}
