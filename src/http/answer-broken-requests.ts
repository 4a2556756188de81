import { STATUS_CODES, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Watching } from '../core/context.ts';
import { Problem } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { endAndLinger } from './linger.ts';
import type { LastResponses } from './one-at-a-time.ts';
import { problemJson } from './problem.ts';
import { dataSecurityHeaders } from './security-headers.ts';

const securityHeaders = Object.entries(dataSecurityHeaders).map(([name, value]) => `${name}: ${value}`);

/** What never becomes a request, as it is no HTTP or comes too slowly, is answered as a problem too. */
export function answerBrokenRequests(
  server: Server,
  lastResponses: LastResponses,
  { logger, metrics }: Watching,
): void {
  const broken = new WeakSet<Duplex>();

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (broken.has(socket)) return;
    broken.add(socket);
    const problem = toProblem(error.code ?? '');
    // Whoever opens a connection and says nothing has nothing to be told.
    if (!problem || (socket as Socket).bytesRead === 0) {
      socket.destroy();
      return;
    }
    const response = lastResponses.get(socket);
    if (!response || (response.req.complete && response.closed)) answerAndLog(socket, problem, error.code);
    else if (response.req.complete)
      response.once('close', () => {
        answerAndLog(socket, problem, error.code);
      });
    else answerInPlaceOf(response, socket, problem);
  });
  server.on('connect', (_request, socket) => {
    answerAndLog(socket, new Problem(400, 'MALFORMED_REQUEST', 'This service is no proxy.'), 'CONNECT');
  });
  // The app looks at the expectation itself.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));

  function answerAndLog(socket: Duplex, problem: Problem, errorCode: string | undefined): void {
    const requestId = newId();
    if (!end(socket, problem, requestId)) return;
    metrics.brokenRequests.inc({ status: problem.status });
    logger.info(
      { httpRequest: { status: problem.status }, request_id: requestId, error_code: errorCode },
      'answered',
    );
  }
}

/** For a request that breaks off, or takes too long, after the app has got it, and which is logged with its response. */
export function answerInPlaceOf(response: ServerResponse, socket: Duplex, problem: Problem): void {
  // It has been answered already, or waits for its turn.
  if (response.headersSent || response.socket !== socket) socket.destroy();
  else if (end(socket, problem, String(response.getHeader('X-Request-Id'))))
    response.statusCode = problem.status;
}

/** @returns whether there was somebody to answer */
function end(socket: Duplex, problem: Problem, requestId: string): boolean {
  if (!socket.writable) {
    socket.destroy();
    return false;
  }
  endAndLinger(socket, answerText(problem, requestId));
  return true;
}

function toProblem(code: string): Problem | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(408, 'REQUEST_TIMEOUT', 'The request did not arrive in time. Please send it again.');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem(
      431,
      'HEADERS_TOO_LARGE',
      'Address and headers are larger than 16 KiB. Please send less.',
    );
  if (code.startsWith('HPE_')) return new Problem(400, 'MALFORMED_REQUEST', 'This is no valid HTTP request.');
  // The connection is gone, or breaks.
  return undefined;
}

function answerText(problem: Problem, requestId: string): string {
  const body = problemJson(problem, '', requestId);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    `X-Request-Id: ${requestId}`,
    ...securityHeaders,
    ...Object.entries(problem.headers).map(([name, value]) => `${name}: ${value}`),
    'Cache-Control: no-store',
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
