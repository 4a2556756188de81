import { bodyFieldsOf, parseRateLimit, type RateLimit } from '../../src/http/rate-limit.ts';
import { bodyProperties, follow } from './operation.ts';
import { parseOrReport } from './parse-or-report.ts';
import type { Context, Operation, Response, Visit } from './redocly.ts';

const fields = ['RateLimit', 'RateLimit-Policy'];

/** What is limited says so: in words that the server understands, by its 429, and by the headers of its answers. */
export function rateLimit(): { Operation: Visit<Operation> } {
  return {
    Operation(operation, context) {
      const { location, report } = context;
      const declared = Object.keys(operation.responses ?? {});
      const isLimited = operation['x-rate-limit'] !== undefined;
      if (!isLimited && declared.includes('429')) {
        report({
          message: 'Remove 429 or add `x-rate-limit`: only that leads to it.',
          location: location.child(['responses', '429']).key(),
        });
      }
      if (!isLimited) return;
      if (!declared.includes('429')) {
        report({
          message: 'Declare 429: the operation has `x-rate-limit`.',
          location: location.child('responses').key(),
        });
      }
      const place = location.child('x-rate-limit');
      const limit = parseOrReport(() => parseRateLimit(operation['x-rate-limit']), place, context);
      if (limit === undefined) return;
      reportUnknown(limit, operation, context);
      reportFields(operation, context);
    },
  };
}

function reportUnknown(limit: RateLimit, operation: Operation, context: Context): void {
  const place = context.location.child('x-rate-limit');
  for (const status of limit.counts.filter((each) => !(each in (operation.responses ?? {})))) {
    context.report({
      message: `Declare ${status} or leave it out: it counts, but is no answer of the operation.`,
      location: place,
    });
  }
  const known = bodyProperties(operation, context);
  for (const name of bodyFieldsOf(limit).filter((each) => !known.includes(each))) {
    context.report({
      message: `The limit refers to {body.${name}}, but the JSON request body has no \`${name}\`: correct the name or declare it.`,
      location: place,
    });
  }
  if (operation['x-required-role'] === 'public' && limit.limits.some(({ per }) => per === 'caller')) {
    context.report({
      message: 'Count by something else than the caller: nobody signs in here.',
      location: place,
    });
  }
}

/** Of the answers that no other operation shares; errors that many have in common can't tell of it. */
function reportFields(operation: Operation, context: Context): void {
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    if (!/^2|^429$/.test(status)) continue;
    const found = follow<Response>(response, context.location.child(['responses', status]), context);
    const missing = fields.filter((name) => !Object.hasOwn(found?.node.headers ?? {}, name));
    if (!found || missing.length === 0) continue;
    context.report({
      message: `Declare ${missing.map((name) => `\`${name}\``).join(' and ')} among the headers: the operation has \`x-rate-limit\`.`,
      location: found.location,
    });
  }
}
