import type { RequestHandler } from 'express';
import { LRUCache } from 'lru-cache';
import { Passport } from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { Clock } from '../core/clock.ts';
import { unauthorized } from '../core/errors.ts';
import { isUuid } from '../core/ids.ts';
import { audience, issuer, type AccessClaims, type Tokens } from '../core/tokens.ts';

/** How far another instance's clock may be ahead of ours. */
const leewaySeconds = 60;

/**
 * Of headers whose signature was found to be good, which our keys alone decide and which stay the same as long as this process
 * runs. Some 5 MB.
 */
const mostVerified = 5_000;

/** What a signature says nothing about. */
type Claims = Readonly<Record<string, unknown>>;

/**
 * Where the contract secures an operation, asks for an access token that we signed: `request.claims`.
 * Whether its session and user still exist is for `authorize` to find out.
 */
export function authenticate(tokens: Tokens, clock: Clock): RequestHandler {
  const verified = new LRUCache<string, AccessClaims>({ max: mostVerified });
  const passport = new Passport();
  passport.use(
    new Strategy(
      {
        jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
        secretOrKeyProvider: (_request, token: string, done) => {
          const key = tokens.verificationKey(token);
          // It is handed on to jsonwebtoken, which takes keys too.
          done(key ? null : new Error('None of the keys fits the header.'), key as unknown as Buffer);
        },
        algorithms: ['HS256', 'ES256'],
        issuer,
        audience,
        // The claims' times are compared to our own clock below.
        ignoreExpiration: true,
        // eslint-disable-next-line @typescript-eslint/no-deprecated -- Meant are the options that have a place of their own.
        jsonWebTokenOptions: { ignoreNotBefore: true },
      },
      (claims: object, done: (error: null, claims: unknown) => void) => {
        done(null, isAccess(claims) ? claims : false);
      },
    ),
  );

  return (request, response, next) => {
    if (!request.operation.secured) {
      next();
      return;
    }
    const { authorization } = request.headers;
    const decide = (error: unknown, claims: AccessClaims | false | null | undefined) => {
      const isGood = claims && isCurrent(claims, clock());
      if (isGood) request.claims = claims;
      next(error ?? (isGood ? undefined : refusal(authorization)));
    };
    const known = authorization === undefined ? undefined : verified.get(authorization);
    if (known) {
      decide(undefined, known);
      return;
    }
    const remember = (error: unknown, claims: AccessClaims | false | null) => {
      if (claims && authorization !== undefined) verified.set(authorization, claims);
      decide(error, claims);
    };
    const check = passport.authenticate('jwt', { session: false }, remember) as RequestHandler;
    void check(request, response, next);
  };
}

function isAccess(claims: object): claims is AccessClaims {
  const { type, sub, sid, jti } = claims as Claims;
  return type === 'access' && isUuid(sub) && isUuid(sid) && typeof jti === 'string';
}

/** No leeway at the end: whoever issued the token a few seconds ago can refresh it. */
function isCurrent(claims: AccessClaims, moment: Date): boolean {
  const { iat, exp, nbf = iat } = claims as unknown as Claims;
  const now = moment.getTime() / 1000;
  const hasCome = (time: unknown) => typeof time === 'number' && time <= now + leewaySeconds;
  return hasCome(iat) && hasCome(nbf) && typeof exp === 'number' && exp > now;
}

/** @param authorization the header, where there is one */
export function refusal(authorization: string | undefined) {
  return authorization === undefined
    ? unauthorized('Please sign in: this needs an access token in the Authorization header.', '', 'no_token')
    : invalidToken('invalid_token');
}

/** RFC 6750, section 3.1. */
export function invalidToken(rule = 'ended_session') {
  return unauthorized(
    'The access token is invalid or its session has ended. Please refresh it or sign in again.',
    ', error="invalid_token"',
    rule,
  );
}
