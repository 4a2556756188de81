import { isIP } from 'node:net';
import type { Request } from 'express';

/** The client's address, as far as the trusted proxies tell it; null where they tell none. */
export function addressOf({ ip = '' }: Request): string | null {
  // A proxy may name the client in any words, and Node writes IPv4 as a part of IPv6.
  const address = ip.replace(/^::ffff:(?=\d+\.)/i, '').split('%', 1)[0] ?? '';
  return isIP(address) ? address : null;
}
