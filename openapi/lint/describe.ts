import type { Operation } from './redocly.ts';

export type DescribedOperation = Operation & { description?: string };

/** Adds a paragraph to the description; a bundle that is bundled again stays as it is. */
export function appendOnce(operation: DescribedOperation, paragraph: string): void {
  const description = operation.description?.trimEnd() ?? '';
  if (description.split('\n\n').includes(paragraph)) return;
  operation.description = `${description}\n\n${paragraph}`.trimStart();
}
