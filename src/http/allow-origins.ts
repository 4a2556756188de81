import cors from 'cors';
import type { RequestHandler } from 'express';

/** What programs on web pages may read besides the body. */
const exposedHeaders = [
  ...['Deprecation', 'ETag', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy'],
  ...['Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
];

/** Lets pages from these origins read the answers, and answers their preflight requests. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  return cors({ origin: [...origins], exposedHeaders, maxAge: 600 });
}
