import type { SessionStore } from './session-store.ts';

export interface SessionListeners {
  /** Somebody has signed in, here or in another tab, maybe with another account than before. */
  readonly onSignedIn?: (() => void) | undefined;
  /** Nobody is signed in any more: signed out, here or in another tab, or the session is over. */
  readonly onSignedOut?: (() => void) | undefined;
}

/** Gives a function to call whenever something may have changed; each change is told of once, and in order. */
export function watchSessions(store: SessionStore, listeners: SessionListeners): () => Promise<void> {
  const currentId = async () => (await store.read())?.id;
  let seen = currentId();
  return async () => {
    seen = seen.then(async (before) => {
      const now = await currentId();
      const listener = now === undefined ? listeners.onSignedOut : listeners.onSignedIn;
      if (now !== before && listener) queueMicrotask(listener);
      return now;
    });
    await seen;
  };
}
