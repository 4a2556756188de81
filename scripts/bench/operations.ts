import type { BenchOperation } from './operation.ts';
import { checkRole } from './operations/checkRole.ts';
import { createPhase } from './operations/createPhase.ts';
import { getHealth } from './operations/getHealth.ts';
import { getMe } from './operations/getMe.ts';
import { getProject } from './operations/getProject.ts';
import { listLanguages } from './operations/listLanguages.ts';
import { listMyRoles } from './operations/listMyRoles.ts';
import { listProjects } from './operations/listProjects.ts';
import { refreshTokens } from './operations/refreshTokens.ts';

/** In the order of the table. To measure another one, add its file and name it here. */
export const operations: readonly BenchOperation[] = [
  getHealth,
  getMe,
  checkRole,
  listMyRoles,
  listLanguages,
  getProject,
  listProjects,
  createPhase,
  refreshTokens,
];
