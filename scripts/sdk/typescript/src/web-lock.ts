/** How long to wait for another tab, in milliseconds: the browser may have put it to sleep. */
const patience = 5_000;

interface Locks {
  request<Result>(
    name: string,
    options: { signal: AbortSignal },
    work: () => Promise<Result>,
  ): Promise<Result>;
}

/** Does one work of this name at a time among all tabs, where the browser has Web Locks; else, or after a while, just does it. */
export async function alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const { navigator } = globalThis as { navigator?: { readonly locks?: Locks } };
  if (!navigator?.locks) return work();
  const waiting = new AbortController();
  const timer = setTimeout(() => {
    waiting.abort();
  }, patience);
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, () => {
      clearTimeout(timer);
      return work();
    });
  } catch (error) {
    if (waiting.signal.aborted) return await work();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
