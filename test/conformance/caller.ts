import type { Schema } from '../../src/core/schema.ts';
import type { Signed } from '../helpers/client.ts';
import { NoAnswer, type Deployment } from './deployment.ts';

/** Who asks; without a session that is nobody. */
export interface Caller {
  readonly name: string;
  readonly session?: Signed & { readonly refresh_token?: string };
  readonly isAdmin: boolean;
}

/** What was given in the environment is missing something, or is refused; the message says what to do. */
export class CallerRefused extends Error {}

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws {CallerRefused} */
export async function findCaller(deployment: Deployment, environment: Environment): Promise<Caller> {
  const { TRIPOD_TOKEN, TRIPOD_EMAIL, TRIPOD_PASSWORD } = environment;
  if (TRIPOD_TOKEN) return whoHas(deployment, { access_token: TRIPOD_TOKEN });
  if (!TRIPOD_EMAIL && !TRIPOD_PASSWORD) return { name: 'nobody', isAdmin: false };
  if (!TRIPOD_EMAIL || !TRIPOD_PASSWORD)
    throw new CallerRefused('TRIPOD_EMAIL and TRIPOD_PASSWORD go together: please set both or neither.');
  const { status, body } = await deployment.ask({
    method: 'POST',
    path: '/api/auth/login',
    body: { email: TRIPOD_EMAIL, password: TRIPOD_PASSWORD },
  });
  if (status !== 200) throw refused('TRIPOD_EMAIL and TRIPOD_PASSWORD', status, body);
  const { user, tokens } = body as Schema<'SignedIn'>;
  return { name: user.email, session: tokens, isAdmin: user.is_platform_admin };
}

/** Ends the session that was begun for the walk; a token that was given stays good. */
export async function leave(deployment: Deployment, { name, session }: Caller): Promise<void> {
  if (session?.refresh_token === undefined) return;
  const { status } = await deployment.ask({
    method: 'POST',
    path: '/api/auth/logout',
    body: { refresh_token: session.refresh_token },
  });
  if (status !== 204) throw new NoAnswer(`The session of ${name} could not be ended: it answered ${status}.`);
}

async function whoHas(deployment: Deployment, session: Signed): Promise<Caller> {
  const { status, body } = await deployment.ask({ path: '/api/auth/me', as: session });
  if (status !== 200) throw refused('TRIPOD_TOKEN', status, body);
  const { email, is_platform_admin } = body as Schema<'User'>;
  return { name: email, session, isAdmin: is_platform_admin };
}

function refused(what: string, status: number, body: unknown): CallerRefused {
  const detail = (body as { detail?: unknown } | null)?.detail;
  return new CallerRefused(`${what} got ${status}${typeof detail === 'string' ? `: ${detail}` : '.'}`);
}
