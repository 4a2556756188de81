import type { Problem } from './errors.ts';

interface DatabaseError {
  readonly code?: string;
  readonly constraint?: string;
}

/** The driver's error, also where Objection has wrapped it. */
function nativeError(error: unknown): DatabaseError {
  if (typeof error !== 'object' || error === null) return {};
  return 'nativeError' in error ? nativeError(error.nativeError) : error;
}

/** None can be had, because the pool is full or the database lets nobody in, or the one that there was has gone. */
export class NoConnection extends Error {
  override readonly name = 'NoConnection';

  constructor(cause: unknown) {
    super('There is no connection to the database.', { cause });
  }
}

/** PostgreSQL's SQLSTATE, or the system's code for what went wrong on the way there. */
export function nativeCode(error: unknown): string | undefined {
  return nativeError(error).code;
}

/** Says what a broken constraint means; any other error passes through. Use as `.catch(onConstraint({ … }))`. */
export function onConstraint(meanings: Readonly<Record<string, () => Problem>>): (error: unknown) => never {
  return (error) => {
    const constraint = nativeError(error).constraint;
    throw (constraint === undefined ? undefined : meanings[constraint]?.()) ?? error;
  };
}

const connectionLost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** Admin shutdown, crash shutdown, cannot connect now, too many connections, statement or lock timeout, serialization failure, deadlock. */
const tryAgain = new Set(['57P01', '57P02', '57P03', '57P05', '53300', '57014', '55P03', '40001', '40P01']);

/** True when nothing is wrong with the request: the database is away, full, or asks to try again. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof NoConnection) return true;
  const { code = '' } = nativeError(error);
  return connectionLost.has(code) || tryAgain.has(code) || code.startsWith('08');
}
