import { pathOf, type RawRequest } from './client.ts';
import { resolved, type Operation } from './contract.ts';

/**
 * The least that says which things an operation is about. Bodies are incomplete on purpose: whoever is let through is told
 * so by validation, and nothing changes.
 * @param named what to fill in for parameters and fields of these names; other ids in the path name nothing that exists
 */
export function minimalRequest(operation: Operation, named: Readonly<Record<string, string>>): RawRequest {
  const { method, parameters, bodySchema } = operation;
  const inPath = parameters.filter((parameter) => parameter.in === 'path');
  const path = inPath.map(({ name }) => [name, named[name] ?? '00000000-0000-7000-8000-000000000000']);
  const query = parameters
    .filter(
      (parameter) =>
        parameter.in === 'query' &&
        named[parameter.name] !== undefined &&
        isReferred(operation, parameter.name),
    )
    .map(({ name }) => [name, named[name]]);
  const fields = Object.keys((bodySchema && resolved(bodySchema).properties) ?? {});
  const body = fields
    .filter((name) => named[name] !== undefined && isReferred(operation, name))
    .map((name) => [name, named[name]]);
  const isGuarded = parameters.some(({ name }) => name === 'If-Match');
  return {
    method,
    // Nothing is deleted either: nobody has ever seen anything with this tag.
    headers: isGuarded ? { 'If-Match': '"never"' } : {},
    path: pathOf(operation, {
      path: Object.fromEntries(path) as Record<string, string>,
      query: Object.fromEntries(query) as Record<string, string>,
    }),
    body: bodySchema && JSON.stringify(Object.fromEntries(body)),
  };
}

function isReferred({ role }: Operation, name: string): boolean {
  return typeof role !== 'string' && role.some((alternative) => alternative.includes(`.${name}}`));
}
