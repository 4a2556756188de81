import type { Tokens } from './generated/contract.ts';
import { newId } from './new-id.ts';
import type { TokenStorage } from './token-storage.ts';

type Kept = Pick<Tokens, 'access_token' | 'refresh_token'> & {
  /** When to get new tokens, and when the access token is over: milliseconds by the clock of this machine. */
  readonly refresh_at: number;
  readonly expires_at: number;
};

/** A sign-in with the tokens that it got last. */
export interface Session extends Kept {
  readonly id: string;
}

export interface SessionStore {
  read(): Promise<Session | undefined>;
  /** Whoever was signed in before is so no more. */
  start(tokens: Tokens): Promise<void>;
  /** Nothing happens unless the session still has the tokens that these are for. */
  renew(session: Session, tokens: Tokens): Promise<void>;
  /** Drops the tokens of this session, and of no other. */
  drop(session: Session): Promise<void>;
  /** Drops the tokens of whoever is signed in. */
  clear(): Promise<void>;
}

/**
 * Each sign-in keeps its tokens in a place of its own, and one more place says which of them counts. So a refresh that ends
 * late, when somebody has signed out or with another account, changes nothing that anyone still looks at.
 */
export function createSessionStore(storage: TokenStorage, name: string): SessionStore {
  const placeOf = (id: string) => `${name} ${id}`;

  async function keptIn(id: string | null): Promise<Kept | undefined> {
    const text = id === null ? null : await storage.getItem(placeOf(id));
    return text === null ? undefined : (JSON.parse(text) as Kept);
  }

  async function keep(id: string, { access_token, refresh_token, expires_in }: Tokens): Promise<void> {
    const now = Date.now();
    const refresh_at = now + expires_in * 900;
    const kept: Kept = { access_token, refresh_token, refresh_at, expires_at: now + expires_in * 1_000 };
    await storage.setItem(placeOf(id), JSON.stringify(kept));
  }

  return {
    read: async () => {
      const id = await storage.getItem(name);
      const kept = await keptIn(id);
      return id === null || !kept ? undefined : { id, ...kept };
    },

    start: async (tokens) => {
      const [before, id] = [await storage.getItem(name), newId()];
      await keep(id, tokens);
      await storage.setItem(name, id);
      if (before !== null) await storage.removeItem(placeOf(before));
    },

    renew: async ({ id, refresh_token }, tokens) => {
      if ((await keptIn(id))?.refresh_token === refresh_token) await keep(id, tokens);
    },

    drop: async ({ id }) => {
      await storage.removeItem(placeOf(id));
    },

    clear: async () => {
      const id = await storage.getItem(name);
      await storage.removeItem(name);
      if (id !== null) await storage.removeItem(placeOf(id));
    },
  };
}
