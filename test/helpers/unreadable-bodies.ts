/** Bodies that no operation takes, whatever it does: what is sent, and what comes back. */
export const unreadableBodies = [
  { title: 'a body that is not JSON', status: 400, code: 'MALFORMED_JSON', body: '{' },
  {
    title: 'a body over 100 KiB',
    status: 413,
    code: 'PAYLOAD_TOO_LARGE',
    body: JSON.stringify({ name: 'x'.repeat(102_400) }),
  },
  {
    title: 'a body in another format',
    status: 415,
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: 'name: value',
    headers: { 'Content-Type': 'application/yaml' },
  },
] as const;
