export interface RawRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly token: string | undefined;
  /** JSON. */
  readonly body: string | undefined;
}

/** As it goes over the connection. */
export function writeRequest({ method, path, token, body }: RawRequest): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost'];
  if (token !== undefined) lines.push(`Authorization: Bearer ${token}`);
  if (body !== undefined)
    lines.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`);
  return [...lines, '', body ?? ''].join('\r\n');
}
