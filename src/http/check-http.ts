import type { RequestHandler } from 'express';
import { Problem } from '../core/errors.ts';

const mostHeaders = 100;

/**
 * Refuses what Node lets pass and HTTP does not (RFC 9112, sections 3.2 and 6.1; RFC 9110, section 10.1.1): two programs
 * might read it in two ways. The connection ends, since nobody can tell what would come next on it.
 */
export const checkHttp: RequestHandler = (request, _response, next) => {
  const { headers, rawHeaders, httpVersion } = request;
  const isOld = httpVersion === '1.0';
  const encoding = headers['transfer-encoding']?.toLowerCase();
  if (rawHeaders.length > 2 * mostHeaders)
    next(refusal(431, 'HEADERS_TOO_LARGE', `There are more than ${mostHeaders} headers. Please send fewer.`));
  else if (hosts(rawHeaders) !== 1 && !(isOld && headers.host === undefined))
    next(refusal(400, 'MALFORMED_REQUEST', 'Please send one Host header.'));
  else if (encoding !== undefined && (isOld || encoding !== 'chunked'))
    next(refusal(400, 'MALFORMED_REQUEST', 'Please send the body as it is, or in chunks by HTTP/1.1.'));
  else if (headers.expect !== undefined && !isOld && headers.expect.toLowerCase() !== '100-continue')
    next(refusal(417, 'EXPECTATION_FAILED', 'Nothing can be expected here but 100-continue.'));
  else next();
};

function hosts(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
}

function refusal(status: number, code: Problem['code'], detail: string): Problem {
  return new Problem(status, code, detail, { headers: { Connection: 'close' } });
}
