/** A migration that did not run; the message says what to do, or the cause why. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}
