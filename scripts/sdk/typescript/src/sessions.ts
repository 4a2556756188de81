import type { Tokens } from './generated/contract.ts';
import type { Session, SessionStore } from './session-store.ts';

/** The session to act in; or the answer that kept it from new tokens; or nothing, where nobody is signed in. */
export type Found = Session | Response | undefined;

export interface Sessions {
  /** The present session, with tokens that should be good. */
  current(): Promise<Found>;
  /** The same session with other tokens than these, which were refused. */
  renewed(refused: Session): Promise<Found>;
}

/** Lets one work run at a time among all who share the store, as far as it can. */
export type Alone = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** What it takes to get new tokens. */
interface Refreshing {
  readonly store: SessionStore;
  /** Asks the service for the next pair. */
  readonly ask: (refreshToken: string) => Promise<Response>;
  readonly alone: Alone;
  /** Called when there may be no session any more. */
  readonly onGone: () => Promise<void>;
}

/** Refreshing as the contract tells clients to: tokens are dropped when that is answered with 401, and for nothing else. */
export function createSessions({ store, ask, alone, onGone }: Refreshing): Sessions {
  const running = new Map<string, Promise<Response | undefined>>();

  /** Gives the answer if it failed. */
  async function refresh(old: Session): Promise<Response | undefined> {
    const session = await store.read();
    // Another tab may have done it, or somebody has signed out.
    if (session?.id !== old.id || session.access_token !== old.access_token) return undefined;
    const response = await ask(session.refresh_token);
    if (response.ok) await store.renew(session, (await response.json()) as Tokens);
    else if (response.status === 401) await store.drop(session);
    else return response;
    return undefined;
  }

  async function renewed(old: Session): Promise<Found> {
    let refreshing = running.get(old.id);
    if (!refreshing) {
      refreshing = alone(() => refresh(old)).finally(() => running.delete(old.id));
      running.set(old.id, refreshing);
    }
    const failure = await refreshing;
    if (failure) return failure.clone();
    const session = await store.read();
    if (!session) await onGone();
    return session?.id === old.id ? session : undefined;
  }

  return {
    renewed,
    current: async () => {
      const session = await store.read();
      if (!session) await onGone();
      if (!session || Date.now() < session.refresh_at) return session;
      if (Date.now() >= session.expires_at) return renewed(session);
      // Nobody has to wait, and should it fail, it is tried again with the next request.
      renewed(session).catch(() => undefined);
      return session;
    },
  };
}
