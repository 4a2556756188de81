import { parseDeprecation } from '../../src/http/deprecation.ts';
import { parseOrReport } from './parse-or-report.ts';
import type { Location, Operation, Visit } from './redocly.ts';

interface DeprecationVisitor {
  Operation: Visit<Operation>;
  Root: { leave: Visit<unknown> };
}

/** What is deprecated says since when, until when and, where there is one, what to use instead. */
export function deprecation(): DeprecationVisitor {
  const operationIds = new Set<string>();
  const successors: { name: string; location: Location }[] = [];
  return {
    Operation(operation, context) {
      if (operation.operationId !== undefined) operationIds.add(operation.operationId);
      const place = context.location.child('deprecated').key();
      const successor = parseOrReport(() => parseDeprecation(operation), place, context)?.successor;
      if (successor === undefined) return;
      successors.push({ name: successor, location: context.location.child('x-successor') });
    },
    Root: {
      leave(_, { report }) {
        for (const { name, location } of successors.filter((each) => !operationIds.has(each.name))) {
          report({ message: `There is no operation \`${name}\` to use instead.`, location });
        }
      },
    },
  };
}
