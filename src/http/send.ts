import type { Request, Response } from 'express';
import { entityTag, namesTagWeakly } from './etag.ts';
import type { Answer } from './handler.ts';
import type { OperationId } from './operations.ts';
import { sendText } from './send-text.ts';

/** Sends a handler's answer as the contract has it: its media type, its constant headers, its entity tag. */
export function send(
  request: Request,
  response: Response,
  { status, body, headers }: Answer<OperationId>,
): void {
  const declared = request.operation.responses[status];
  if (!declared) throw new TypeError(`${request.operation.id} does not declare ${status}`);
  const { Link: link, ...others } = headers;
  response
    .status(status)
    .set({ 'Cache-Control': 'private, no-cache', ...declared.constantHeaders, ...others });
  // Beside what an operation that is about to go says there already.
  if (link !== undefined) response.append('Link', String(link));
  if (declared.hasEntityTag) {
    const tag = entityTag(body, link === undefined ? undefined : String(link));
    // A 304 names the same headers as the answer would; compression names this one only where it has something to do.
    response.set('ETag', tag).vary('Accept-Encoding');
    const known = request.operation.headerParameters.has('If-None-Match') && request.get('If-None-Match');
    if (known && namesTagWeakly(known, tag)) {
      response.status(304).end();
      return;
    }
  }
  if (declared.mediaType === undefined) response.end();
  // The validator takes null for an answer without a body.
  else if (body === null) response.type(declared.mediaType).send('null');
  else if (declared.mediaType === 'application/json') response.json(body);
  else sendText(response, `${declared.mediaType}; charset=utf-8`, body as string);
}
