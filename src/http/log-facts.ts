import type { Request } from 'express';

/** What every line about a request says of it: enough to find the others, and who asked for what. */
export function factsOf(request: Request) {
  const { id, trace, operation, caller, claims } = request as Pick<Request, 'id' | 'trace'> &
    Partial<Request>;
  return {
    request_id: id,
    // Whoever is refused is known by a token that is theirs.
    user_id: caller?.user.id ?? claims?.sub,
    operation: operation?.id,
    route: operation?.path,
    trace,
  };
}
