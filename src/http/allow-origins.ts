import cors from 'cors';
import type { RequestHandler } from 'express';

/** What programs on web pages may read besides the body. */
const exposedHeaders = [
  ...['Deprecation', 'ETag', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy'],
  ...['Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
];

/** Lets pages from these origins read the answers, and answers their preflight requests. */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allow = cors({ origin: [...origins], exposedHeaders, maxAge: 600 });
  return (request, response, next) => {
    if (request.headers.origin !== undefined || request.method === 'OPTIONS') {
      allow(request, response, next);
      return;
    }
    response.setHeader('Vary', 'Origin');
    next();
  };
}
