import type { TokenStorage } from '../../scripts/sdk/typescript/src/index.ts';

export interface KeptTokens extends TokenStorage {
  /** Everything that is kept, as text. */
  readonly texts: () => string[];
  /** Lets the client believe that its access token is about to expire, or has. */
  readonly grow: (age: 'old' | 'expired') => void;
}

/** A place for tokens that can be looked into, as that of a browser can; several clients may share it. */
export function keepTokens(): KeptTokens {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    texts: () => [...kept.values()],
    grow: (age) => {
      for (const [key, text] of kept) {
        if (!text.startsWith('{')) continue;
        const past = { refresh_at: 0, ...(age === 'expired' ? { expires_at: 0 } : {}) };
        kept.set(key, JSON.stringify({ ...(JSON.parse(text) as object), ...past }));
      }
    },
  };
}
