import { parseRequiredRole } from '../../src/http/required-role.ts';
import type { Visit } from './redocly.ts';
import { requiredRoleInWords } from './required-role-in-words.ts';

interface DescribedOperation {
  description?: string;
  readonly 'x-required-role'?: unknown;
}

/** Ends each operation's description with who may call it; a bundle that is bundled again stays as it is. */
export function showRequiredRole(): { Operation: { leave: Visit<DescribedOperation> } } {
  return {
    Operation: {
      leave(operation) {
        const words = requiredRoleInWords(parseRequiredRole(operation['x-required-role']));
        const line = `**Required role:** ${words}.`;
        const description = operation.description?.trimEnd() ?? '';
        if (!description.endsWith(line)) operation.description = `${description}\n\n${line}`.trimStart();
      },
    },
  };
}
