/** IPv4 addresses for documentation and benchmarks (RFC 2544): 131,072 of them. */
export function addressNumber(index: number): string {
  return `198.${18 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`;
}
