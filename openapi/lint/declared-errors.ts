import { parametersOf } from './operation.ts';
import type { Context, Operation, Visit } from './redocly.ts';

/** Every error that an operation can give by its shape is declared. */
export function declaredErrors(): { Operation: Visit<Operation> } {
  return {
    Operation(operation, context) {
      const { location, report } = context;
      const declared = Object.keys(operation.responses ?? {});
      for (const [status, reason] of expectedErrors(operation, context)) {
        if (declared.includes(status)) continue;
        report({
          message: `Declare ${status}: ${reason}.`,
          location: location.child('responses').key(),
        });
      }
      if (!('x-database' in operation)) return;
      if (operation['x-database'] !== false) {
        report({
          message: '`x-database` can only be `false`: remove it where the database is used.',
          location: location.child('x-database'),
        });
        return;
      }
      for (const status of ['500', '503'].filter((each) => declared.includes(each))) {
        report({
          message: `Remove ${status} or \`x-database: false\`: an operation without the database can't fail like that.`,
          location: location.child(['responses', status]).key(),
        });
      }
    },
  };
}

function expectedErrors(operation: Operation, context: Context): Map<string, string> {
  const role = operation['x-required-role'];
  const parameters = parametersOf(operation, context);
  const expected = new Map<string, string>();

  if (parameters.length > 0 || operation.requestBody) expected.set('400', 'there is input to be wrong');
  if (role !== undefined && role !== 'public') expected.set('401', 'a token is needed');
  if (Array.isArray(role)) expected.set('403', 'a role is needed');
  if (parameters.some((each) => each.in === 'path')) expected.set('404', 'the path names something');
  if (operation.requestBody) {
    expected.set('413', 'the body can be too large');
    expected.set('415', 'the body can be of another media type');
  }
  if (operation['x-database'] !== false) {
    expected.set('500', 'anything that uses the database can fail');
    expected.set('503', 'the database can be away (or say `x-database: false`)');
  }
  return expected;
}
