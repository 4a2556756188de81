import type { Middleware } from 'openapi-fetch';
import { publicOperations } from './generated/contract.ts';
import type { Session } from './session-store.ts';
import type { Sessions } from './sessions.ts';

/** Sends the access token along, and once more with a new one if it was refused. */
export function createAuthorization(sessions: Sessions): Middleware {
  const sent = new WeakMap<object, { readonly session: Session; readonly again: Request }>();

  return {
    async onRequest({ request, schemaPath, options }) {
      const operation = `${request.method} ${schemaPath}`;
      if (publicOperations.has(operation) || request.headers.has('Authorization')) return undefined;
      const session = await sessions.current();
      if (session === undefined || session instanceof Response) return session;
      // A body can be sent only once.
      sent.set(options, { session, again: request.clone() });
      return authorize(request, session);
    },

    async onResponse({ response, options }) {
      const first = sent.get(options);
      if (!first || response.status !== 401) return undefined;
      const session = await sessions.renewed(first.session);
      if (session === undefined || session instanceof Response) return session;
      await response.body?.cancel();
      return options.fetch(authorize(first.again, session));
    },
  };
}

function authorize(request: Request, { access_token }: Session): Request {
  request.headers.set('Authorization', `Bearer ${access_token}`);
  return request;
}
