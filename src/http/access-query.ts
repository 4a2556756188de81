import type { Statement } from '../core/database.ts';
import { isUuid } from '../core/ids.ts';
import { isStorableText } from '../core/text.ts';
import type { Operation } from './operations.ts';
import { referencesOf, type Alternative, type Reference } from './required-role.ts';

/** A reference with what its value must look like for its alternative to hold. */
interface Parameter extends Reference {
  readonly type: 'uuid' | 'text';
}

export interface AccessQuery {
  /** Takes session, user, now and the references; answers the user and `allowed`, or nothing without a live session. */
  readonly access: Statement;
  /** Takes user and the references; answers the user's roles in the scopes that the operation asks about. */
  readonly heldRoles: Statement;
  readonly parameters: readonly Parameter[];
}

/** Compiles an operation's `x-required-role` to SQL. */
export function compileAccess({ id, requiredRole }: Operation): AccessQuery | 'public' {
  if (requiredRole === 'public') return 'public';
  const alternatives = requiredRole === 'authenticated' ? [] : requiredRole;
  const parameters = parametersOf(alternatives);
  const from = (first: number) => placeholders(parameters, first);
  const rule = alternatives.map((alternative) => condition(alternative, from(4))).join(' or ');
  const held = alternatives.map((alternative) => rolesInScope(alternative, from(2)));

  return {
    parameters,
    access: {
      name: `access:${id}`,
      text: `select u.id, u.email, u.display_name, u.avatar_url, u.locale, u.is_active, u.is_platform_admin,
                    (${rule || 'true'}) as allowed
               from sessions s join users u on u.id = s.user_id
              where s.id = $1 and s.user_id = $2 and s.ended_at is null and s.expires_at > $3 and u.is_active`,
    },
    heldRoles: {
      name: `held-roles:${id}`,
      text: `${[...new Set(held)].join(' union ')} order by role limit 1000`,
    },
  };
}

/** What a request value must be to reach the database at all. */
export function isWellFormed(value: unknown, type: Parameter['type']): boolean {
  return type === 'uuid' ? isUuid(value) : typeof value === 'string' && isStorableText(value);
}

function parametersOf(alternatives: readonly Alternative[]): Parameter[] {
  const byName = new Map<string, Parameter>();
  for (const alternative of alternatives) {
    for (const reference of referencesOf([alternative])) {
      const type = alternative.scope === 'app' ? 'text' : 'uuid';
      byName.set(`${reference.in}.${reference.name}`, { ...reference, type });
    }
  }
  return [...byName.values()];
}

type Placeholder = (reference: Reference) => string;

function placeholders(parameters: readonly Parameter[], first: number): Placeholder {
  return (reference) => {
    const index = parameters.findIndex(
      ({ in: where, name }) => where === reference.in && name === reference.name,
    );
    return `$${first + index}::${parameters[index]?.type ?? 'text'}`;
  };
}

function condition(alternative: Alternative, placeholder: Placeholder): string {
  switch (alternative.scope) {
    case 'platform':
      return 'u.is_platform_admin';
    case 'user':
      return `u.id = ${placeholder(alternative.id)}`;
    case 'app': {
      const role = alternative.role === '*' ? [] : [`role_key = '${alternative.role}'`];
      return exists('held_app_roles', [...matching('app_key', alternative.key, placeholder), ...role]);
    }
    case 'access_request':
      return `exists (select from access_requests r join apps a on a.id = r.app_id join held_app_roles h using (app_key)
                       where r.id = ${placeholder(alternative.id)} and h.user_id = u.id and h.role_key = 'admin')`;
    case 'organization':
    case 'project': {
      const role = alternative.role === 'member' ? [] : [`role = 'manager'`];
      const { scope, id } = alternative;
      return exists(`${scope}_roles`, [...matching(`${scope}_id`, id, placeholder), ...role]);
    }
  }
}

function exists(view: string, conditions: readonly string[]): string {
  return `exists (select from ${view} where ${['user_id = u.id', ...conditions].join(' and ')})`;
}

/** The user's roles ($1) where the alternative asks for one, spelled as in the contract. */
function rolesInScope(alternative: Alternative, placeholder: Placeholder): string {
  switch (alternative.scope) {
    case 'platform':
      return `select 'platform:admin' as role from users where id = $1 and is_platform_admin`;
    case 'user':
      return `select 'user:' || ${placeholder(alternative.id)} as role where $1 = ${placeholder(alternative.id)}`;
    case 'app':
      return held(
        'app',
        'held_app_roles',
        'app_key',
        'role_key',
        matching('app_key', alternative.key, placeholder),
      );
    case 'access_request':
      return `select 'app:' || app_key || ':' || role_key as role from held_app_roles
               where user_id = $1 and app_key = (select a.app_key from access_requests r join apps a on a.id = r.app_id
                                                  where r.id = ${placeholder(alternative.id)})`;
    case 'organization':
    case 'project': {
      const { scope, id } = alternative;
      return held(scope, `${scope}_roles`, `${scope}_id`, 'role', matching(`${scope}_id`, id, placeholder));
    }
  }
}

function held(
  scope: string,
  view: string,
  subject: string,
  role: string,
  conditions: readonly string[],
): string {
  const where = ['user_id = $1', ...conditions].join(' and ');
  return `select '${scope}:' || ${subject} || ':' || ${role} as role from ${view} where ${where}`;
}

function matching(column: string, subject: string | Reference, placeholder: Placeholder): string[] {
  if (subject === '*') return [];
  return [`${column} = ${typeof subject === 'string' ? `'${subject}'` : placeholder(subject)}`];
}
