import type { Change } from './change.ts';
import type { Comparison } from './compare.ts';
import type { Refusal } from './refusals.ts';

const mostOperations = 4;

/**
 * The comparison in Markdown, for a terminal as for a comment.
 * @param gap what is missing from it, and why
 */
export function report(
  reference: string,
  comparison: Comparison,
  refusals: readonly Refusal[],
  gap?: string,
): string {
  const { changes, rights, brokenPromises, version } = comparison;
  const breaking = [...rights.losses, ...group(changes.filter(({ effect }) => effect === 'breaking'))];
  const compatible = group(changes.filter(({ effect }) => effect === 'compatible'));
  const lines = [
    `# The contract since \`${reference}\``,
    '',
    ...(gap === undefined ? [] : [`**Not complete.** ${gap}`, '']),
    refusals.length === 0
      ? 'This may land.'
      : `**This may not land:** ${refusals.map(({ why }) => why).join('; ')}.`,
    '',
    ...(brokenPromises.length === 0 ? [] : section('Broken promises', brokenPromises)),
    ...section('Breaking', breaking),
    ...section('Compatible', compatible),
    ...section('Rights', [
      ...rights.gains.map((line) => `**Gained:** ${line}`),
      ...rights.losses.map((line) => `**Lost:** ${line}`),
      ...rights.notes,
    ]),
    '## Version',
    '',
    versionLine(version),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): string[] {
  const items = lines.length === 0 ? ['Nothing.'] : lines.map((line) => `- ${line}`);
  return [`## ${title}`, '', ...items, ''];
}

/** Each text once, with the operations that it is about. */
function group(changes: readonly Change[]): string[] {
  const operations = new Map<string, Set<string>>();
  for (const { text, operation } of changes) {
    const known = operations.get(text) ?? new Set();
    operations.set(text, operation === undefined ? known : known.add(operation));
  }
  return [...operations].map(([text, names]) => {
    const shown = [...names].slice(0, mostOperations).map((name) => `\`${name}\``);
    const more = names.size - shown.length;
    const all = more > 0 ? [...shown, `${more} more`] : shown;
    return all.length === 0 ? text : `${all.join(', ')}: ${text}`;
  });
}

function versionLine({ before, after, least, isEnough }: Comparison['version']): string {
  const step = before === after ? `It is still ${after}` : `It goes from ${before} to ${after}`;
  if (!isEnough) return `**Too low.** ${step}; these changes need at least ${least}.`;
  return before === least ? `${step}, and nothing asks for more.` : `${step}; these changes need ${least}.`;
}
