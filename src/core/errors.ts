import type { components } from '../generated/openapi.ts';

export type ProblemDocument = components['schemas']['Problem'];
export type ProblemCode = ProblemDocument['code'];
export type FieldError = components['schemas']['FieldError'];

type Members = Partial<
  Pick<ProblemDocument, 'errors' | 'required_roles' | 'held_roles' | 'request_access' | 'cycle'>
>;

/** An answer other than success. `detail` is for people, and says what to do next. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: ProblemCode;
  readonly members: Members;
  readonly headers: Readonly<Record<string, string>>;
  /** What refuses, of the few things that can: for whoever watches the service, never for the client. */
  readonly rule: string | undefined;

  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    extra: {
      members?: Members;
      headers?: Readonly<Record<string, string>>;
      rule?: string | undefined;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: extra.cause });
    this.status = status;
    this.code = code;
    this.members = extra.members ?? {};
    this.headers = extra.headers ?? {};
    this.rule = extra.rule;
  }
}

export function invalid(errors: FieldError[]): Problem {
  const list = errors.map(
    ({ in: where, path, message }) => `${where}${path === '' ? '' : ` ${path}`} ${message}`,
  );
  return new Problem(400, 'VALIDATION_ERROR', `Please correct the request: ${list.join('; ')}.`, {
    members: { errors },
  });
}

export function malformed(detail: string): Problem {
  return new Problem(400, 'MALFORMED_JSON', detail);
}

/** @param challenge the rest of the `WWW-Authenticate` header (RFC 6750, section 3) */
export function unauthorized(detail: string, challenge = '', rule?: string): Problem {
  return new Problem(401, 'UNAUTHORIZED', detail, {
    rule,
    headers: { 'WWW-Authenticate': `Bearer realm="tripod"${challenge}` },
  });
}

/** For who was there when the request was let in, and has been deleted since. */
export function accountGone(): Problem {
  return unauthorized('This account has been deleted.', ', error="invalid_token"');
}

export function forbidden(detail: string, members: Members = {}): Problem {
  return new Problem(403, 'FORBIDDEN', detail, { members, rule: members.required_roles?.join(' or ') });
}

export function notFound(detail: string): Problem {
  return new Problem(404, 'NOT_FOUND', detail);
}

export function conflict(code: ProblemCode, detail: string, members: Members = {}): Problem {
  return new Problem(409, code, detail, { members });
}

export function unprocessable(code: ProblemCode, detail: string): Problem {
  return new Problem(422, code, detail);
}

export function unknownReference(name: string): Problem {
  return unprocessable('UNKNOWN_REFERENCE', `The body names a ${name} that does not exist.`);
}

export function rateLimited(detail: string, retryAfterSeconds: number, rule: string): Problem {
  return new Problem(429, 'RATE_LIMITED', detail, {
    headers: { 'Retry-After': String(retryAfterSeconds) },
    rule,
  });
}

export function unavailable(cause: unknown, retryAfterSeconds = 1): Problem {
  return new Problem(
    503,
    'UNAVAILABLE',
    'The service is busy or its database is away. Please try again shortly.',
    {
      headers: { 'Retry-After': String(retryAfterSeconds) },
      cause,
    },
  );
}
