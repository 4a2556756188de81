/** A way in which passwords are kept. */
export interface HashKind {
  /** Whether it can verify this one; never an error. */
  readonly reads: (stored: string) => boolean;
  readonly verify: (stored: string, password: string) => Promise<boolean>;
  /** A hash of no account, which takes as long to verify as any other. */
  readonly nobody: Promise<string>;
}
