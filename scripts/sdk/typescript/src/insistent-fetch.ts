export type Fetch = (request: Request) => Promise<Response>;

/** Before the second try and those that follow, in milliseconds, give or take half of it. */
const pauses = [200, 600, 1_800];
/** No further try begins later than this after the first, in milliseconds: the grace for used refresh tokens is 30 seconds. */
const patience = 20_000;
/** The service is away, by its own word or that of a proxy before it. */
const away = [502, 503, 504];

/** Tries again when the connection fails or the service is away, if that has no second effect. */
export function insistent(fetch: Fetch, mayRepeat: (request: Request) => boolean = isRepeatable): Fetch {
  return async (request) => {
    if (!mayRepeat(request)) return fetch(request);
    const start = Date.now();
    for (const pause of pauses) {
      const outcome = await attempt(fetch, request.clone());
      const wait = waitAfter(outcome, pause * (0.5 + Math.random()));
      const isOver = wait === undefined || Date.now() - start + wait > patience;
      if (!isOver) await sleep(wait, request.signal);
      else if (outcome instanceof Response) return outcome;
      else throw outcome;
    }
    return fetch(request);
  };
}

/** A request that has its effect once, however often it is sent. */
function isRepeatable({ method, headers }: Request): boolean {
  return method === 'GET' || headers.has('Idempotency-Key');
}

/** Fails after so many milliseconds like a broken connection. */
export function hasty(fetch: Fetch, milliseconds: number): Fetch {
  return async (request) => {
    const waiting = new AbortController();
    const timer = setTimeout(() => {
      waiting.abort(new TypeError(`No answer came within ${milliseconds} ms.`));
    }, milliseconds);
    try {
      return await complete(await fetch(new Request(request, { signal: waiting.signal })));
    } finally {
      clearTimeout(timer);
    }
  };
}

async function attempt(fetch: Fetch, request: Request): Promise<Response | TypeError> {
  try {
    return await complete(await fetch(request));
  } catch (error) {
    // So the standard has it for all that is wrong with a connection.
    if (error instanceof TypeError) return error;
    throw error;
  }
}

/** A connection can break in the middle of an answer. */
async function complete(response: Response): Promise<Response> {
  await response.clone().text();
  return response;
}

/** In milliseconds, or nothing if the outcome stands. */
function waitAfter(outcome: Response | TypeError, pause: number): number | undefined {
  if (outcome instanceof TypeError) return pause;
  if (!away.includes(outcome.status)) return undefined;
  const seconds = Number(outcome.headers.get('Retry-After'));
  return Number.isNaN(seconds) ? pause : Math.max(pause, seconds * 1_000);
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
