import compression from 'compression';
import type { Request, Response } from 'express';
import { compressed, encodings, type Encoding } from './compressed-texts.ts';
import { jsonText } from './json-text.ts';

/** In bytes: a smaller text gets no smaller. */
const threshold = 1_024;
const compress = compression({ filter: mayCompress, threshold });

/** In characters. Compressing as much takes longer than all else about a request. */
const large = 50_000;

/** `response.json` without what it has to find out each time. */
export function sendJson(this: Response, body: unknown): Response {
  sendText(this, 'application/json; charset=utf-8', jsonText(body));
  return this;
}

/** A large text that has an entity tag is compressed once; other texts are left to the middleware. */
export function sendText(response: Response, mediaType: string, text: string): void {
  response.setHeader('Content-Type', mediaType);
  const tag = response.getHeader('ETag');
  const encoding = text.length < large ? undefined : encodings.find((each) => accepts(response, each));
  if (typeof tag === 'string' && encoding)
    void compressed(text, tag, encoding).then((bytes) => {
      response.setHeader('Content-Encoding', encoding);
      end(response, bytes);
    });
  else end(response, text);
}

function accepts({ req: request }: Response, encoding: Encoding): boolean {
  return request.acceptsEncodings(encoding) !== false;
}

/** Small ones go past the middleware, which costs more than all else about sending them. */
function end(response: Response, body: string | Buffer): void {
  const length = Buffer.byteLength(body);
  response.setHeader('Content-Length', length);
  if (length >= threshold) compress(response.req, response, () => undefined);
  response.end(body);
}

/** Answers about tokens stay as they are: a compressed secret tells of itself by its length (BREACH). */
function mayCompress(request: Request, response: Response): boolean {
  return response.getHeader('Cache-Control') !== 'no-store' && compression.filter(request, response);
}
