/** A value taken from the request: `{path.project_id}`, `{query.app_key}`, `{body.app_key}`. */
export interface Reference {
  readonly in: 'path' | 'query' | 'body';
  readonly name: string;
}

/** `*` stands for any. */
export type Alternative =
  | { readonly scope: 'platform'; readonly role: 'admin' }
  | { readonly scope: 'user'; readonly id: Reference }
  | { readonly scope: 'app'; readonly key: string | Reference; readonly role: string }
  | {
      readonly scope: 'organization' | 'project';
      readonly id: '*' | Reference;
      readonly role: 'member' | 'manager';
    }
  | { readonly scope: 'access_request'; readonly id: Reference; readonly role: 'admin' };

export type RequiredRole = 'public' | 'authenticated' | readonly Alternative[];

const reference = /^\{(?<in>path|query|body)\.(?<name>[a-z][a-z0-9_]*)\}$/;
const key = /^[a-z0-9][a-z0-9_-]*$/;

/**
 * Reads the value of an operation's `x-required-role`; openapi/README.md holds the grammar.
 * @throws {TypeError} for a missing or malformed value: there is no default.
 */
export function parseRequiredRole(value: unknown): RequiredRole {
  if (value === 'public' || value === 'authenticated') return value;
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(
      `x-required-role must be "public", "authenticated" or a list of alternatives, not ${JSON.stringify(value)}`,
    );
  }
  return value.map(parseAlternative);
}

function parseAlternative(text: unknown): Alternative {
  const [scope, subject = '', role = '', ...rest] = typeof text === 'string' ? text.split(':') : [];
  const from = parseReference(subject);
  const isMembership = role === 'manager' || (role === 'member' && subject !== '*');

  if (rest.length === 0) {
    if (scope === 'platform' && subject === 'admin' && role === '') return { scope, role: subject };
    if (scope === 'user' && from && role === '') return { scope, id: from };
    if (scope === 'app' && (role === '*' || key.test(role))) {
      if (from) return { scope, key: from, role };
      if (subject === '*' || key.test(subject)) return { scope, key: subject, role };
    }
    if (scope === 'access_request' && from && role === 'admin') return { scope, id: from, role };
    if ((scope === 'organization' || scope === 'project') && isMembership) {
      if (from) return { scope, id: from, role };
      if (subject === '*') return { scope, id: subject, role };
    }
  }
  throw new TypeError(`x-required-role has an unknown alternative: ${JSON.stringify(text)}`);
}

export function parseReference(text: string): Reference | undefined {
  const groups = reference.exec(text)?.groups;
  return groups && { in: groups['in'] as Reference['in'], name: groups['name'] ?? '' };
}

/** The request values that an alternative depends on. */
export function referencesOf(required: RequiredRole): Reference[] {
  if (typeof required === 'string') return [];
  return required.flatMap((alternative) => {
    if (alternative.scope === 'platform') return [];
    const subject = alternative.scope === 'app' ? alternative.key : alternative.id;
    return typeof subject === 'string' ? [] : [subject];
  });
}
