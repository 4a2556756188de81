import { isIPv6 } from 'node:net';

/** What one subscriber has of the network: an IPv4 address, or the first half of an IPv6 address (RFC 6177). */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  // Every way of writing an address becomes the one of RFC 5952.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before = '', after] = written.split('::');
  const groups = before === '' ? [] : before.split(':');
  const known = after === undefined || after === '' ? 0 : after.split(':').length;
  const zeros = Array.from({ length: 8 - groups.length - known }, () => '0');
  return `${[...groups, ...zeros, ...(after ?? '').split(':')].slice(0, 4).join(':')}::/64`;
}
