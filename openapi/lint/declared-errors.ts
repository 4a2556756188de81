import { parametersOf } from './operation.ts';
import type { Context, Operation, Visit } from './redocly.ts';

/** Answers that exactly the operations with that header parameter give. */
const conditional = [
  { status: '304', header: 'If-None-Match', reason: 'the client can have the answer already' },
  { status: '412', header: 'If-Match', reason: 'the resource can have changed' },
];

/** Every answer besides success that an operation can give by its shape is declared, and none that it cannot. */
export function declaredErrors(): { Operation: Visit<Operation> } {
  return {
    Operation(operation, context) {
      const { location, report } = context;
      const declared = Object.keys(operation.responses ?? {});
      const headers = headersOf(operation, context);
      for (const [status, reason] of expectedAnswers(operation, headers, context)) {
        if (declared.includes(status)) continue;
        report({
          message: `Declare ${status}: ${reason}.`,
          location: location.child('responses').key(),
        });
      }
      for (const { status, header } of conditional) {
        if (!declared.includes(status) || headers.includes(header)) continue;
        report({
          message: `Remove ${status} or declare \`${header}\`: only that header leads to it.`,
          location: location.child(['responses', status]).key(),
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

function headersOf(operation: Operation, context: Context): string[] {
  return parametersOf(operation, context)
    .filter((each) => each.in === 'header')
    .map(({ name }) => name);
}

function expectedAnswers(
  operation: Operation,
  headers: readonly string[],
  context: Context,
): Map<string, string> {
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
  for (const { status, header, reason } of conditional) {
    if (headers.includes(header)) expected.set(status, reason);
  }
  if (headers.includes('Idempotency-Key')) {
    expected.set('409', 'the first request with the same key can still be running');
    expected.set('422', 'the key can come with another body than before');
  }
  if (operation['x-database'] !== false) {
    expected.set('500', 'anything that uses the database can fail');
    expected.set('503', 'the database can be away (or say `x-database: false`)');
  }
  return expected;
}
