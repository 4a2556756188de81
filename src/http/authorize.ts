import type { Request, RequestHandler } from 'express';
import type { Clock } from '../core/clock.ts';
import { runStatement, type Database } from '../core/database.ts';
import { forbidden } from '../core/errors.ts';
import type { components } from '../generated/openapi.ts';
import { compileAccess, isWellFormed, type AccessQuery } from './access-query.ts';
import { invalidToken } from './authenticate.ts';
import type { Operation } from './operations.ts';
import type { Reference } from './required-role.ts';

type User = components['schemas']['User'];

/** The signed-in user, and the session that they are signed in by. */
export interface Caller {
  readonly user: User;
  readonly sessionId: string;
}

/** Finds out who sends a request and whether they may: undefined for operations that are for everyone. */
export type FindCaller = (request: Request, database: Database) => Promise<Caller | undefined>;

/**
 * The one place that decides who may call an operation, by its `x-required-role`: one round trip finds user, session and
 * roles as they are now, so that nothing revoked is honoured.
 */
export function callerFinder(operations: readonly Operation[], clock: Clock): FindCaller {
  const queries = new Map(operations.map((operation) => [operation, compileAccess(operation)]));

  return async (request, database) => {
    const query = queries.get(request.operation);
    if (!query) throw new TypeError(`${request.operation.id} has no access rule`);
    return query === 'public' ? undefined : findCaller(request, query, database, clock);
  };
}

export function authorize(find: FindCaller, database: Database): RequestHandler {
  return async (request, _response, next) => {
    const caller = await find(request, database);
    if (caller) request.caller = caller;
    next();
  };
}

async function findCaller(
  request: Request,
  query: AccessQuery,
  database: Database,
  clock: Clock,
): Promise<Caller> {
  const { sid, sub } = request.claims;
  const values = query.parameters.map(({ type, ...reference }) => {
    const value = valueOf(request, reference);
    return isWellFormed(value, type) ? value : null;
  });
  const access = [sid, sub, clock(), ...values];
  const [row] = await runStatement<User & { allowed: boolean }>(database, query.access, access);
  if (!row) throw invalidToken();

  const { allowed, ...user } = row;
  if (!allowed) {
    const held = await runStatement<{ role: string }>(database, query.heldRoles, [sub, ...values]);
    throw forbidden('You may not do this: it needs one of the required roles.', {
      required_roles: [...request.operation.requiredRoles],
      held_roles: held.map(({ role }) => role),
      ...(asksForAppRole(request.operation) ? { request_access: '/api/access-requests' } : {}),
    });
  }
  return { user, sessionId: sid };
}

function asksForAppRole({ requiredRole }: Operation): boolean {
  if (typeof requiredRole === 'string') return false;
  return requiredRole.some(({ scope }) => scope === 'app' || scope === 'access_request');
}

/** Comes before validation, so anything may be there, or nothing. */
function valueOf(request: Request, { in: where, name }: Reference): unknown {
  const source: unknown = {
    path: request.pathParameters,
    query: request.query,
    body: request.body as unknown,
  }[where];
  const hasValue = typeof source === 'object' && source !== null && Object.hasOwn(source, name);
  return hasValue ? (source as Record<string, unknown>)[name] : undefined;
}
