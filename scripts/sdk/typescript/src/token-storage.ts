import { alone } from './web-lock.ts';

/** Where tokens are kept: the part of `localStorage`, or of React Native's `AsyncStorage`, that it takes. */
export interface TokenStorage {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
  /** Calls back when somebody else has changed something here; for a place that is shared. */
  watch?(onChange: () => void): void;
  /** Does one work of this name at a time among all who share the place, as far as it can. */
  alone?<Result>(name: string, work: () => Promise<Result>): Promise<Result>;
}

/** Tokens are gone with the page or the process. */
export function memoryTokens(): TokenStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  };
}

interface Page {
  readonly localStorage: Pick<TokenStorage, 'getItem' | 'setItem' | 'removeItem'>;
  addEventListener(type: 'storage', listener: () => void): void;
}

/** One place for all tabs of a site. */
export function localStorageTokens(): TokenStorage {
  const page = globalThis as unknown as Page;
  return {
    getItem: (key) => page.localStorage.getItem(key),
    setItem: (key, value) => page.localStorage.setItem(key, value),
    removeItem: (key) => page.localStorage.removeItem(key),
    watch: (onChange) => {
      page.addEventListener('storage', onChange);
    },
    alone,
  };
}
