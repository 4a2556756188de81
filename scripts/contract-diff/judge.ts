import type { Change } from './change.ts';
import type { Finding } from './oasdiff.ts';

/** What other parts of the report tell, more exactly. */
const toldElsewhere = [
  /^api-(major-)?version-/,
  /^api-(path-)?removed-/,
  /^endpoint-added$/,
  /^api-security-anonymous-access-/,
  /^api-sunset-date-changed-too-small$/,
];

/** Harmless to oasdiff, and yet something that clients of ours rely on. */
const breakingHere = [
  // Who sends nothing gets something else.
  /^request-.*default-value-/,
  // Paging ends without Link.
  /^optional-response-header-removed$/,
  // A client that knows no other success takes it for a failure.
  /^response-success-status-added$/,
  // Functions, types and groups of generated clients are called like these.
  /^api-(operation-id|schema|tag)-removed$/,
];

/** What oasdiff found, as it concerns clients of this contract: its warnings break too, for unknown input is refused. */
export function judge(findings: readonly Finding[]): Change[] {
  const isMoved = movedErrors(findings);
  return findings
    .filter(({ id }) => !toldElsewhere.some((pattern) => pattern.test(id)))
    .map((finding): Change => {
      const { id, level, text, operation, path } = finding;
      const breaks = level > 1 || breakingHere.some((pattern) => pattern.test(id)) || isMoved(finding);
      return {
        effect: breaks ? 'breaking' : 'compatible',
        text,
        operation: operation && path ? `${operation} ${path}` : undefined,
      };
    });
}

/** An error that went while another came has moved: who acts on the old status no longer does. */
function movedErrors(findings: readonly Finding[]): (finding: Finding) => boolean {
  const key = ({ operation = '', path = '' }: Finding) => `${operation} ${path}`;
  const added = findings.filter(({ id }) => id === 'response-non-success-status-added').map(key);
  return (finding) => finding.id === 'response-non-success-status-removed' && added.includes(key(finding));
}
