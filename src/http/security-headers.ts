import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const inlineScript = /<script(?![^>]*\bsrc=)[^>]*>(?<code>[\s\S]*?)<\/script>/g;

/** A page of ours is one file: it may run just the scripts it holds and reach nothing else. Data may do nothing at all. */
export function securityHeaders(page: string): RequestHandler {
  const hashes = [...page.matchAll(inlineScript)].map((match) => {
    const digest = createHash('sha256')
      .update(match.groups?.['code'] ?? '')
      .digest('base64');
    return `'sha256-${digest}'`;
  });
  const forPages = withPolicy({
    scriptSrc: hashes,
    styleSrc: ["'unsafe-inline'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ['data:'],
    workerSrc: ['blob:'],
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  });
  const forData = withPolicy({});
  return (request, response, next) => {
    (request.path.startsWith('/docs') ? forPages : forData)(request, response, next);
  };
}

function withPolicy(directives: Record<string, string[]>): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], ...directives },
    },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    frameguard: { action: 'deny' },
    // Only for browsers that no longer exist; every byte counts on a poor connection.
    dnsPrefetchControl: false,
    ieNoOpen: false,
    permittedCrossDomainPolicies: false,
    originAgentCluster: false,
    xssFilter: false,
  }) as RequestHandler;
}
