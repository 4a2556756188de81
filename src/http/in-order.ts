import type { NextFunction, RequestHandler } from 'express';

/** Runs steps one after the other, as a router would that had to look for each of them: that takes longer than many a step. */
export function inOrder(steps: readonly RequestHandler[]): RequestHandler {
  return (request, response, done) => {
    const from =
      (index: number): NextFunction =>
      (error?: unknown) => {
        const step = steps[index];
        if (error !== undefined || !step) {
          done(error);
          return;
        }
        try {
          const result = step(request, response, from(index + 1));
          if (result instanceof Promise) result.catch(done);
        } catch (thrown) {
          done(thrown);
        }
      };
    from(0)();
  };
}
