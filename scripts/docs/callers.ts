import type { Alternative, Reference, RequiredRole } from '../../src/http/required-role.ts';

/** Somebody who calls: a column of the page about roles, and a choice in "what may I call as". */
export interface Caller {
  /** Stands in links to the page. */
  readonly id: string;
  /** What the role is held in, where that is one of several. */
  readonly group?: 'App' | 'Organization' | 'Project';
  readonly label: string;
  readonly inWords: string;
  /** Whether this caller can meet the alternative, `exactly` where it asks for just this role. */
  readonly meets: (alternative: Alternative) => 'exactly' | 'amply' | undefined;
}

/** How a caller may call an operation. */
export interface Reach {
  /** `amply` where less than the caller's role is asked for. */
  readonly kind: 'exactly' | 'amply';
  /** Where the role has to be held: in what the request names, anywhere, or in the app of that key; empty where that is clear. */
  readonly of: string;
}

const everyone: Caller = {
  id: 'everyone',
  label: 'Every\u00adone',
  inWords: 'anyone, not signed in',
  meets: () => undefined,
};
const signedIn: Caller = {
  id: 'signed-in',
  label: 'Signed in',
  inWords: 'any signed-in user',
  meets: () => undefined,
};

/** The columns that this contract needs, from the least to the most. */
export function callersOf(required: readonly RequiredRole[]): Caller[] {
  const alternatives = required.flatMap((each) => (typeof each === 'string' ? [] : each));
  const appRoles = new Set(
    alternatives.flatMap((each) =>
      each.scope === 'app' || each.scope === 'access_request' ? [each.role] : [],
    ),
  );
  return [
    everyone,
    signedIn,
    {
      id: 'user',
      label: 'That user',
      inWords: 'the user whom the request names',
      meets: ({ scope }) => (scope === 'user' ? 'exactly' : undefined),
    },
    ...[...appRoles].sort().map(holderInApp),
    ...(['organization', 'project'] as const).flatMap((scope) => [
      memberOf(scope, 'member'),
      memberOf(scope, 'manager'),
    ]),
    {
      id: 'platform-admin',
      label: 'Platform admin',
      inWords: 'platform admin',
      meets: ({ scope }) => (scope === 'platform' ? 'exactly' : undefined),
    },
  ];
}

function holderInApp(role: string): Caller {
  return {
    id: role === '*' ? 'app-any-role' : `app-${role}`,
    group: 'App',
    label: role === '*' ? 'any role' : role,
    inWords: role === '*' ? 'holder of any role in an app' : `${role} of an app`,
    meets(alternative) {
      if (alternative.scope !== 'app' && alternative.scope !== 'access_request') return undefined;
      if (alternative.role === role) return 'exactly';
      return alternative.role === '*' ? 'amply' : undefined;
    },
  };
}

function memberOf(scope: 'organization' | 'project', role: 'member' | 'manager'): Caller {
  return {
    id: `${scope}-${role}`,
    group: scope === 'organization' ? 'Organization' : 'Project',
    label: role,
    inWords: `${role} of ${scope === 'organization' ? 'an organization' : 'a project'}`,
    meets(alternative) {
      if (alternative.scope !== scope) return undefined;
      if (alternative.role === role) return 'exactly';
      return role === 'manager' ? 'amply' : undefined;
    },
  };
}

/** Whether and how this caller may call an operation that requires so much. */
export function reachOf(caller: Caller, required: RequiredRole): Reach | undefined {
  if (required === 'public') return { kind: caller === everyone ? 'exactly' : 'amply', of: '' };
  if (caller === everyone) return undefined;
  if (required === 'authenticated') return { kind: caller === signedIn ? 'exactly' : 'amply', of: '' };
  const met = required.flatMap((alternative) => {
    const kind = caller.meets(alternative);
    return kind ? [{ kind, of: whereHeld(alternative) }] : [];
  });
  return met.find(({ of }) => of === 'any') ?? met.find(({ kind }) => kind === 'exactly') ?? met[0];
}

function whereHeld(alternative: Alternative): string {
  if (alternative.scope === 'platform' || alternative.scope === 'user') return '';
  return subject(alternative.scope === 'app' ? alternative.key : alternative.id);
}

function subject(named: string | Reference): string {
  if (named === '*') return 'any';
  return typeof named === 'string' ? named : 'this';
}
