import type { Handlers } from '../http/handler.ts';
import { accessRequests } from './access-requests.ts';
import { apps } from './apps.ts';
import { audit } from './audit.ts';
import { auth } from './auth.ts';
import { languages } from './languages.ts';
import { organizations } from './organizations.ts';
import { phases } from './phases.ts';
import { projects } from './projects.ts';
import { roles } from './roles.ts';
import { service } from './service.ts';
import { users } from './users.ts';

export const handlers: Handlers = {
  ...service,
  ...auth,
  ...roles,
  ...apps,
  ...accessRequests,
  ...languages,
  ...organizations,
  ...projects,
  ...phases,
  ...users,
  ...audit,
};
