import {
  parseRequiredRole,
  referencesOf,
  type Reference,
  type RequiredRole,
} from '../../src/http/required-role.ts';
import { bodyProperties, isSecured, parametersOf } from './operation.ts';
import { parseOrReport } from './parse-or-report.ts';
import type { Context, Operation, Root, Visit } from './redocly.ts';

/** Every operation says who may call it, in words that the server understands. */
export function requiredRole(): { Root: Visit<Root>; Operation: Visit<Operation> } {
  let rootSecurity: Root['security'];
  return {
    Root(root) {
      rootSecurity = root.security;
    },
    Operation(operation, context) {
      const { location, report } = context;
      if (operation['x-required-role'] === undefined) {
        report({
          message: 'Add `x-required-role`: `public`, `authenticated` or a list of alternatives.',
          location: location.key(),
        });
        return;
      }
      const place = location.child('x-required-role');
      const required = parseOrReport(() => parseRequiredRole(operation['x-required-role']), place, context);
      if (required === undefined) return;
      reportSecurity(required, operation, rootSecurity, context);
      for (const reference of referencesOf(required)) reportUnknown(reference, operation, context);
    },
  };
}

function reportSecurity(
  required: RequiredRole,
  operation: Operation,
  rootSecurity: Root['security'],
  { location, report }: Context,
): void {
  const place = operation.security ? location.child('security') : location.child('x-required-role');
  if (required === 'public' && operation.security?.length !== 0) {
    report({ message: 'A public operation takes no token: add `security: []`.', location: place });
  }
  if (required !== 'public' && !isSecured(operation.security ?? rootSecurity)) {
    report({
      message: 'Only a public operation may do without a token: remove `security` or require `bearerAuth`.',
      location: place,
    });
  }
}

function reportUnknown(reference: Reference, operation: Operation, context: Context): void {
  const { location, report } = context;
  const where = reference.in === 'body' ? 'JSON request body' : reference.in;
  const isKnown =
    reference.in === 'body'
      ? bodyProperties(operation, context).includes(reference.name)
      : parametersOf(operation, context).some(
          (each) => each.in === reference.in && each.name === reference.name,
        );
  if (isKnown) return;
  report({
    message: `The role refers to {${reference.in}.${reference.name}}, but the ${where} has no \`${reference.name}\`: correct the name or declare it.`,
    location: location.child('x-required-role'),
  });
}
