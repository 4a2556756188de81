import type { RequestHandler } from 'express';
import { Passport } from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Clock } from '../core/clock.ts';
import { unauthorized } from '../core/errors.ts';
import { audience, issuer, type AccessClaims, type Tokens } from '../core/tokens.ts';

/** How far another instance's clock may be ahead of ours. */
const leewaySeconds = 60;

/**
 * Where the contract secures an operation, asks for an access token that we signed: `request.claims`.
 * Whether its session and user still exist is for `authorize` to find out.
 */
export function authenticate(tokens: Tokens, clock: Clock): RequestHandler {
  const passport = new Passport();
  passport.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        // It is handed on to jsonwebtoken, which takes keys too.
        secretOrKey: tokens.accessKey as unknown as Buffer,
        algorithms: ['HS256'],
        issuer,
        audience,
        // The claims' times are compared to our own clock below.
        ignoreExpiration: true,
      },
      (claims: Partial<AccessClaims>, done: (error: null, claims: unknown) => void) => {
        const now = clock().getTime() / 1000;
        const { type, iat = Infinity, exp = 0 } = claims;
        done(null, type === 'access' && exp > now && iat <= now + leewaySeconds ? claims : false);
      },
    ),
  );

  return (request, response, next) => {
    if (!request.operation.secured) {
      next();
      return;
    }
    const decide = (error: unknown, claims: AccessClaims | false | null) => {
      if (claims) request.claims = claims;
      next(error ?? (claims ? undefined : refusal(request.headers.authorization)));
    };
    const check = passport.authenticate('jwt', { session: false }, decide) as RequestHandler;
    void check(request, response, next);
  };
}

function refusal(authorization: string | undefined) {
  return authorization === undefined
    ? unauthorized('Please sign in: this needs an access token in the Authorization header.')
    : invalidToken();
}

/** RFC 6750, section 3.1. */
export function invalidToken() {
  return unauthorized(
    'The access token is invalid or its session has ended. Please refresh it or sign in again.',
    ', error="invalid_token"',
  );
}
