import { parseRateLimit } from '../../src/http/rate-limit.ts';
import { appendOnce, type DescribedOperation } from './describe.ts';
import { rateLimitInWords } from './rate-limit-in-words.ts';
import type { Visit } from './redocly.ts';

/** Ends the description of each operation that is limited with how often it may be called. */
export function showRateLimit(): { Operation: { leave: Visit<DescribedOperation> } } {
  return {
    Operation: {
      leave(operation) {
        const limit = operation['x-rate-limit'];
        if (limit !== undefined)
          appendOnce(operation, `**Rate limit:** ${rateLimitInWords(parseRateLimit(limit))}.`);
      },
    },
  };
}
