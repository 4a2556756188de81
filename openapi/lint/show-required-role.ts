import { parseRequiredRole } from '../../src/http/required-role.ts';
import { appendOnce, type DescribedOperation } from './describe.ts';
import type { Visit } from './redocly.ts';
import { requiredRoleInWords } from './required-role-in-words.ts';

/** Ends each operation's description with who may call it. */
export function showRequiredRole(): { Operation: { leave: Visit<DescribedOperation> } } {
  return {
    Operation: {
      leave(operation) {
        const words = requiredRoleInWords(parseRequiredRole(operation['x-required-role']));
        appendOnce(operation, `**Required role:** ${words}.`);
      },
    },
  };
}
