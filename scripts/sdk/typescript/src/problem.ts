import type { Problem } from './generated/contract.ts';

/** An answer of the service that is an error, for those who would rather catch than compare. */
export class TripodProblem extends Error {
  override readonly name = 'TripodProblem';
  readonly status: number;
  /** What programs act on; none if the answer came from something before the service. */
  readonly code: Problem['code'] | undefined;
  /** What to show to people. */
  readonly detail: string;
  /** Everything that is wrong with the input. */
  readonly errors: NonNullable<Problem['errors']>;
  /** What to name when reporting it. */
  readonly request_id: string | undefined;

  constructor({ status, headers }: Response, error: unknown) {
    const problem = isProblem(error) ? error : undefined;
    const detail = problem?.detail ?? `The service could not be reached well: it answered ${status}.`;
    super(detail);
    this.status = status;
    this.code = problem?.code;
    this.detail = detail;
    this.errors = problem?.errors ?? [];
    this.request_id = problem?.request_id ?? headers.get('X-Request-Id') ?? undefined;
  }
}

/** Whether this is an error as the contract has it, and not, say, the page of a proxy. */
export function isProblem(error: unknown): error is Problem {
  if (typeof error !== 'object' || error === null) return false;
  const { status, code, detail } = error as Partial<Problem>;
  return typeof status === 'number' && typeof code === 'string' && typeof detail === 'string';
}

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

/** The data of an answer. @throws {TripodProblem} if it is an error */
export async function dataOf<Given extends Answer>(
  answer: Given | Promise<Given>,
): Promise<Extract<Given, { error?: never }>['data']> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new TripodProblem(response, error);
  return data;
}
