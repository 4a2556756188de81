import createClient, { type Client, type FetchResponse } from 'openapi-fetch';
import { createAuthorization } from './authorization.ts';
import { createDeclaredHeaders } from './declared-headers.ts';
import type { LogInRequest, paths, RefreshRequest, SignedIn, SignUpRequest } from './generated/contract.ts';
import { hasty, insistent, type Fetch } from './insistent-fetch.ts';
import { createPages, type Pages } from './pages.ts';
import { dataOf } from './problem.ts';
import { createSessionStore } from './session-store.ts';
import { watchSessions, type SessionListeners } from './session-watch.ts';
import { createSessions, type Alone } from './sessions.ts';
import { memoryTokens, type TokenStorage } from './token-storage.ts';

export interface TripodClientOptions extends SessionListeners {
  /** Where the service is, such as `https://api.example.org`. */
  readonly baseUrl: string;
  /** Where tokens are kept; without it, in memory. */
  readonly storage?: TokenStorage;
  /** What this device is known by when signing in, anywhere: a random text that the app makes once and keeps. */
  readonly deviceId?: string;
  /** In place of the global one. */
  readonly fetch?: Fetch;
}

type Answer<Path extends keyof paths> = FetchResponse<
  paths[Path]['post'] & object,
  object,
  `${string}/${string}`
>;

export interface TripodClient extends Pick<
  Client<paths>,
  'GET' | 'POST' | 'PATCH' | 'DELETE' | 'use' | 'eject'
> {
  /** Walks through a list, page by page. @throws {TripodProblem} */
  readonly pages: Pages;
  /** Makes an account and signs in. */
  signUp(account: SignUpRequest): Promise<Answer<'/api/auth/signup'>>;
  logIn(credentials: LogInRequest): Promise<Answer<'/api/auth/login'>>;
  /** Nobody is signed in from now on, in all tabs. @throws if the service could not be told, where the session then lives on */
  logOut(): Promise<void>;
  isSignedIn(): Promise<boolean>;
}

const refreshPath = '/api/auth/refresh' satisfies keyof paths;

/** A client for all operations of the contract. It signs requests, refreshes tokens and tries again where that is safe. */
export function createTripodClient(options: TripodClientOptions): TripodClient {
  const { storage = memoryTokens(), deviceId, fetch = (request) => globalThis.fetch(request) } = options;
  const baseUrl = options.baseUrl.replace(/\/$/, '');
  const name = `tripod-client ${baseUrl}`;
  const store = createSessionStore(storage, name);
  const look = watchSessions(store, options);
  storage.watch?.(() => void look());
  const alone: Alone = (work) => storage.alone?.(name, work) ?? work();

  // Refreshing and signing out have their effect once by themselves.
  const untilDone = insistent(hasty(fetch, 8_000), () => true);
  const sessions = createSessions({
    store,
    ask: (refresh_token) => untilDone(jsonRequest(baseUrl + refreshPath, { refresh_token })),
    alone,
    onGone: look,
  });

  const api = createClient<paths>({ baseUrl, fetch: insistent(fetch) });
  const authorization = createAuthorization(sessions);
  api.use(createDeclaredHeaders(deviceId), authorization);

  async function startSession<Given extends { data?: SignedIn }>(asked: Promise<Given>): Promise<Given> {
    const answer = await asked;
    if (answer.data) await store.start(answer.data.tokens);
    await look();
    return answer;
  }

  return {
    GET: api.GET,
    POST: api.POST,
    PATCH: api.PATCH,
    DELETE: api.DELETE,
    // What others add shall see neither old tokens nor the answers to them.
    use: (...middleware) => {
      api.eject(authorization);
      api.use(...middleware, authorization);
    },
    eject: (...middleware) => {
      api.eject(...middleware);
    },
    pages: createPages(api),
    signUp: (body) => startSession(api.POST('/api/auth/signup', { body })),
    logIn: (body) => startSession(api.POST('/api/auth/login', { body })),
    logOut: async () => {
      const session = await store.read();
      await store.clear();
      await look();
      if (!session) return;
      const body = { refresh_token: session.refresh_token };
      await dataOf(api.POST('/api/auth/logout', { body, fetch: untilDone }));
    },
    isSignedIn: async () => (await store.read()) !== undefined,
  };
}

function jsonRequest(url: string, body: RefreshRequest): Request {
  const headers = { 'Content-Type': 'application/json' };
  return new Request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
