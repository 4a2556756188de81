import { promisify } from 'node:util';
import { brotliCompress, constants, gzip, type BrotliOptions } from 'node:zlib';
import { LRUCache } from 'lru-cache';

const brotli = promisify<string, BrotliOptions, Buffer>(brotliCompress);

const compressors = {
  br: (text: string) => brotli(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: promisify<string, Buffer>(gzip),
};
export type Encoding = keyof typeof compressors;
export const encodings = Object.keys(compressors) as Encoding[];

/** In bytes, of what is kept. */
const most = 16 * 2 ** 20;
const kept = new LRUCache<string, Buffer>({ maxSize: most, sizeCalculation: ({ length }) => length });

/**
 * Compresses a large text, or takes what it gave the last time.
 * @param tag the entity tag of that very text
 */
export async function compressed(text: string, tag: string, encoding: Encoding): Promise<Buffer> {
  const key = `${encoding} ${tag}`;
  const known = kept.get(key);
  if (known) return known;
  const bytes = await compressors[encoding](text);
  kept.set(key, bytes);
  return bytes;
}
