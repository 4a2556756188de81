import { isUtf8 } from 'node:buffer';
import express, { type Request, type RequestHandler } from 'express';
import { malformed, Problem } from '../core/errors.ts';

const parseJson = express.json({
  limit: '100kb',
  strict: false,
  type: () => true,
  verify: (_request, _response, bytes) => {
    if (!isUtf8(bytes))
      throw Object.assign(new Error('The body is not UTF-8.'), { type: 'encoding.invalid' });
  },
});

/**
 * Reads the JSON body where the contract has one. A required role may look into it, and a caller who may not do a thing
 * learns nothing about its input: so what is wrong with the body is noted here, and raised by `refuseBadBody`.
 */
export const parseBody: RequestHandler = (request, response, next) => {
  const mediaType = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  // The validator keeps one compiled copy for each content type it meets, so it must meet only one.
  delete request.headers['content-type'];
  if (!request.operation.hasBody) {
    next();
    return;
  }
  request.headers['content-type'] = 'application/json';
  if (mediaType !== 'application/json' && hasBody(request)) {
    request.bodyProblem = unsupportedMediaType('Please send the body as application/json.');
    next();
    return;
  }
  parseJson(request, response, (error?: unknown) => {
    if (error !== undefined) request.bodyProblem = toProblem(error);
    next();
  });
};

export const refuseBadBody: RequestHandler = (request, _response, next) => {
  next(request.bodyProblem);
};

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function unsupportedMediaType(detail: string): Problem {
  return new Problem(415, 'UNSUPPORTED_MEDIA_TYPE', detail);
}

/** The parser's errors carry a `type`. */
function toProblem(error: unknown): unknown {
  switch ((error as { type?: string }).type) {
    case 'entity.too.large':
      return new Problem(
        413,
        'PAYLOAD_TOO_LARGE',
        'The body is larger than 100 KiB. Please send less at once.',
      );
    case 'encoding.unsupported':
      return unsupportedMediaType('Please send the body as it is, or compressed by gzip, deflate or br.');
    case 'encoding.invalid':
      return malformed('The body is not valid UTF-8.');
    case 'entity.parse.failed':
      return malformed('The body is not valid JSON.');
    default:
      return (error as { status?: number }).status === 400 ? malformed('The body can not be read.') : error;
  }
}
