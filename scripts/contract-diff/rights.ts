import { alternativeInWords, requiredRoleInWords } from '../../openapi/lint/required-role-in-words.ts';
import { parseRequiredRole, type Alternative, type RequiredRole } from '../../src/http/required-role.ts';
import type { Operation, Pairs } from './contract.ts';

/** A line each. */
export interface RightsChanges {
  readonly gains: readonly string[];
  readonly losses: readonly string[];
  /** What else is worth a look. */
  readonly notes: readonly string[];
}

/** Who may call what, before and after. A new operation takes nothing away and is a gain only where it is for everyone. */
export function rightsChanges({ kept, removed, added }: Pairs): RightsChanges {
  const compared = kept.map(([before, after]) => ({
    operation: after,
    was: requiredRoleBefore(before),
    is: requiredRoleNow(after),
  }));
  const isForAll = (operation: Operation) => requiredRoleNow(operation) === 'public';
  return {
    gains: [
      ...compared.flatMap(({ operation, was, is }) => line(operation, 'opens to', gained(was, is), was, is)),
      ...added.filter(isForAll).map((each) => `${label(each)} is new, for everyone, signed in or not`),
    ],
    losses: compared.flatMap(({ operation, was, is }) =>
      line(operation, 'closes to', lost(was, is), was, is),
    ),
    notes: [
      ...added
        .filter((each) => !isForAll(each))
        .map((each) => `${label(each)} is new, for: ${inWords(requiredRoleNow(each))}`),
      ...removed.map((each) => `${label(each)} is gone; it was for: ${inWords(requiredRoleBefore(each))}`),
      ...kept.flatMap(([before, after]) => limitNote(before, after)),
    ],
  };
}

type Who =
  | Alternative
  | 'everyone'
  | 'every signed-in user'
  | 'whoever is not signed in'
  | 'whoever holds none of the roles';

/** Those who may by `after` and could not by `before`. */
export function gained(before: RequiredRole, after: RequiredRole): readonly Who[] {
  if (before === after || before === 'public') return [];
  if (after === 'public') return before === 'authenticated' ? ['whoever is not signed in'] : ['everyone'];
  if (before === 'authenticated') return [];
  if (after === 'authenticated') return ['every signed-in user'];
  return after.filter((alternative) => !before.some((other) => includes(other, alternative)));
}

/** Those who could by `before` and may not by `after`. */
export function lost(before: RequiredRole, after: RequiredRole): readonly Who[] {
  if (before === after || after === 'public') return [];
  if (after === 'authenticated') return before === 'public' ? ['whoever is not signed in'] : [];
  if (typeof before === 'string') return ['whoever holds none of the roles'];
  return gained(after, before);
}

/** Whether everyone for whom `narrow` holds is also one for whom `broad` does. */
function includes(broad: Alternative, narrow: Alternative): boolean {
  switch (broad.scope) {
    case 'platform':
      return narrow.scope === 'platform';
    case 'user':
    case 'access_request':
      return narrow.scope === broad.scope && isSame(broad.id, narrow.id);
    case 'app':
      return (
        (narrow.scope === 'app' || narrow.scope === 'access_request') &&
        (broad.key === '*' || (narrow.scope === 'app' && isSame(broad.key, narrow.key))) &&
        (broad.role === '*' || broad.role === narrow.role)
      );
    case 'organization':
    case 'project':
      return (
        narrow.scope === broad.scope &&
        (broad.id === '*' || isSame(broad.id, narrow.id)) &&
        (broad.role === 'member' || narrow.role === 'manager')
      );
  }
}

function limitNote(before: Operation, after: Operation): string[] {
  const [was, is] = [before, after].map(({ definition }) => JSON.stringify(definition['x-rate-limit']));
  if (was === is) return [];
  return [`${label(after)}: \`x-rate-limit\` was ${was ?? 'not there'} and is ${is ?? 'not there'}`];
}

/** @throws {TypeError} naming the operation that does not say it as it should */
function requiredRoleNow({ name, definition }: Operation): RequiredRole {
  try {
    return parseRequiredRole(definition['x-required-role']);
  } catch (error) {
    throw new TypeError(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** What today's grammar does not know gave nobody a right that is sure. */
function requiredRoleBefore({ definition }: Operation): RequiredRole {
  try {
    return parseRequiredRole(definition['x-required-role']);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [];
  }
}

function line(
  operation: Operation,
  verb: string,
  who: readonly Who[],
  was: RequiredRole,
  is: RequiredRole,
): string[] {
  if (who.length === 0) return [];
  const names = who.map((each) => (typeof each === 'string' ? each : alternativeInWords(each)));
  return [
    `${label(operation)} ${verb} ${names.join(', and to ')}. Before: ${inWords(was)}. Now: ${inWords(is)}.`,
  ];
}

function inWords(required: RequiredRole): string {
  if (required === 'public') return 'everyone';
  return required.length === 0 ? 'not understood' : requiredRoleInWords(required);
}

function label({ id, name }: Operation): string {
  return `\`${name}\` (${id})`;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
