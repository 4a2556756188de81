import { createHash } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

const scripts = /<script(?![^>]*\bsrc=)[^>]*>(?<code>[\s\S]*?)<\/script>/g;
const styles = /<style[^>]*>(?<code>[\s\S]*?)<\/style>/g;

type SetHeader = readonly [name: string, value: string];

const forData = headersOf(withPolicy({}));

/** What comes with every answer but a page. */
export const dataSecurityHeaders: Readonly<Record<string, string>> = Object.fromEntries(forData);

/**
 * A page of ours, by its path, is one file: it may run just the scripts it holds and reach nothing else.
 * Data may do nothing at all.
 */
export function securityHeaders(pages: Readonly<Record<string, string>>): RequestHandler {
  const forPages = new Map(
    Object.entries(pages).map(([path, page]) => [path, headersOf(withPolicy(policyFor(page)))]),
  );
  return (request, response, next) => {
    for (const [name, value] of forPages.get(request.path) ?? forData) response.setHeader(name, value);
    next();
  };
}

function policyFor(page: string): Record<string, string[]> {
  // Redoc's styled-components add an empty style element and fill it rule by rule; its elements have styles of their own.
  const isRedoc = page.includes('data-styled');
  return {
    scriptSrc: hashesOf(page, scripts),
    ...(isRedoc
      ? { styleSrcElem: [...hashesOf(page, styles), hashOf('')], styleSrcAttr: ["'unsafe-inline'"] }
      : { styleSrcElem: hashesOf(page, styles) }),
    imgSrc: ['data:'],
    ...(isRedoc && { fontSrc: ['data:'] }),
    baseUri: ["'none'"],
    formAction: ["'none'"],
  };
}

/** What a middleware sets on any response: the same each time, so it is asked only once. */
function headersOf(middleware: RequestHandler): readonly SetHeader[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  void middleware(request as Request, response as Response, () => undefined);
  return Object.entries(response.getHeaders()) as SetHeader[];
}

function hashesOf(page: string, elements: RegExp): string[] {
  return [...page.matchAll(elements)].map((element) => hashOf(element.groups?.['code'] ?? ''));
}

function hashOf(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`;
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
