import type { Handlers } from '../http/handler.ts';
import { auth } from './auth.ts';
import { languages } from './languages.ts';
import { organizations } from './organizations.ts';
import { phases } from './phases.ts';
import { projects } from './projects.ts';
import { roles } from './roles.ts';
import { service } from './service.ts';

export const handlers: Handlers = {
  ...service,
  ...auth,
  ...roles,
  ...languages,
  ...organizations,
  ...projects,
  ...phases,
};
