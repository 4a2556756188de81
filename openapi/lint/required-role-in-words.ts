import type { Alternative, Reference, RequiredRole } from '../../src/http/required-role.ts';

/** For people who read the docs: "platform admin, or admin of the app named by `app_key` in the body". */
export function requiredRoleInWords(required: RequiredRole): string {
  if (required === 'public') return 'none, anyone may call this';
  if (required === 'authenticated') return 'any signed-in user';
  return required.map(alternativeInWords).join(', or ');
}

export function alternativeInWords(alternative: Alternative): string {
  switch (alternative.scope) {
    case 'platform':
      return 'platform admin';
    case 'user':
      return `the user ${namedBy(alternative.id)}`;
    case 'app': {
      const role = alternative.role === '*' ? 'any role in' : `${alternative.role} of`;
      return `${role} ${subject('app', alternative.key)}`;
    }
    case 'organization':
    case 'project':
      return `${alternative.role} of ${subject(alternative.scope, alternative.id)}`;
    case 'access_request':
      return `${alternative.role} of the app that the request for access ${namedBy(alternative.id)} is for`;
  }
}

function subject(noun: string, named: string | Reference): string {
  if (named === '*') return `any ${noun}`;
  return typeof named === 'string' ? `the ${noun} \`${named}\`` : `the ${noun} ${namedBy(named)}`;
}

function namedBy(reference: Reference): string {
  return `named by \`${reference.name}\` in the ${reference.in}`;
}
