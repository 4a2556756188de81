import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../operation.ts';

/** A line about an answered request with all that the service's has, in as little time as possible. */
export function logAnswer(
  { method = '', url = '', headers }: IncomingMessage,
  { statusCode }: ServerResponse,
  facts: { readonly operation: string; readonly user: User | undefined; readonly start: number },
  responseSize: number,
): void {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const latency = ((performance.now() - facts.start) / 1000).toFixed(6);
  const requestSize = headers['content-length'];
  const size = requestSize === undefined ? '' : `,"requestSize":"${requestSize}"`;
  const user = facts.user === undefined ? '' : `,"user_id":"${facts.user.id}"`;
  writeSync(
    1,
    `{"severity":"INFO","time":"${new Date().toISOString()}","httpRequest":{"requestMethod":"${method}","requestUrl":"${path}","status":${statusCode},"latency":"${latency}s"${size},"responseSize":"${responseSize}"},"request_id":"${randomUUID()}","operation":"${facts.operation}"${user},"message":"answered"}\n`,
  );
}
