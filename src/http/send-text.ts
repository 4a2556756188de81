import type { Response } from 'express';
import { compressed, encodings, type Encoding } from './compressed-texts.ts';
import { jsonText } from './json-text.ts';

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

function end(response: Response, body: string | Buffer): void {
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(body);
}
