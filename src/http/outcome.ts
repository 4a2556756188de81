import type { ServerResponse } from 'node:http';

/** Undefined where the connection ended before there was an answer. */
export function statusOf({ headersSent, statusCode }: ServerResponse): number | undefined {
  // Whatever a broken request was told has been sent past the response.
  return headersSent || statusCode !== 200 ? statusCode : undefined;
}
