import { readFileSync } from 'node:fs';
import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';

export type ContractDocument = OpenAPIV3.DocumentV3_1;

function generated(name: string): string {
  return readFileSync(new URL(`../../dist/${name}`, import.meta.url), 'utf8');
}

export const contractYaml = generated('openapi.yaml');
export const docsHtml = generated('docs.html');
export const rolesHtml = generated('roles.html');
export const contract = JSON.parse(generated('openapi.json')) as ContractDocument;

/** Follows a local reference such as `#/components/responses/NotFound`. */
export function resolve<Target extends object>(
  document: ContractDocument,
  node: Target | OpenAPIV3.ReferenceObject,
): Target {
  if (!('$ref' in node)) return node;
  const steps = node.$ref.slice(2).split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as Target;
}
