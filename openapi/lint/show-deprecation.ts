import { parseDeprecation, startOf, type DeprecatedOperation } from '../../src/http/deprecation.ts';
import type { Visit } from './redocly.ts';

interface DescribedOperation extends DeprecatedOperation {
  description?: string;
}

/** Begins the description of what is deprecated with its dates; a bundle that is bundled again stays as it is. */
export function showDeprecation(): { Operation: { leave: Visit<DescribedOperation> } } {
  return {
    Operation: {
      leave(operation) {
        const deprecation = parseDeprecation(operation);
        if (!deprecation) return;
        const { since, sunset, successor } = deprecation;
        const advice = successor === undefined ? 'do not use it any more' : `use \`${successor}\` instead`;
        const line = `**Deprecated** since ${inWords(since)}, gone from ${inWords(sunset)} on: ${advice}.`;
        const description = operation.description ?? '';
        if (!description.startsWith(line)) operation.description = `${line}\n\n${description}`.trimEnd();
      },
    },
  };
}

function inWords(day: string): string {
  return new Date(startOf(day)).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}
