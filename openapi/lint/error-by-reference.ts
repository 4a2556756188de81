import { follow } from './operation.ts';
import type { Body, Operation, Visit } from './redocly.ts';

const problem = 'application/problem+json';

interface Options {
  /** Each as `operationId status`: an answer that is no problem although its status says so. */
  readonly except?: readonly string[];
}

/** Errors are written once, in components/responses, and are problems in the sense of RFC 9457. */
export function errorByReference({ except = [] }: Options): { Operation: Visit<Operation> } {
  return {
    Operation(operation, context) {
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        if (!/^[45]|^default$/.test(status)) continue;
        if (except.includes(`${operation.operationId ?? ''} ${status}`)) continue;
        const place = context.location.child(['responses', status]);
        const shared = follow<Body>(response, place, context);
        if (!shared?.location.absolutePointer.includes('components/responses/')) {
          context.report({
            message: `Move this ${status} to components/responses and refer to it with \`$ref\`.`,
            location: place.key(),
          });
        } else if (Object.keys(shared.node.content ?? {}).join() !== problem) {
          context.report({
            message: `Answer errors as ${problem}, and as nothing else.`,
            location: shared.location.child('content'),
          });
        }
      }
    },
  };
}
