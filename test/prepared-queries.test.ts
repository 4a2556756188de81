import test from 'ava';
import { getLanguage } from '../src/services/languages/getLanguage.ts';
import { getOrganization } from '../src/services/organizations/getOrganization.ts';
import { listMyApps } from '../src/services/apps/listMyApps.ts';
import { listMyRoles } from '../src/services/auth/listMyRoles.ts';
import { getPhase } from '../src/services/phases/getPhase.ts';
import { listPhases } from '../src/services/phases/listPhases.ts';
import { getProject } from '../src/services/projects/getProject.ts';
import { listProjects } from '../src/services/projects/listProjects.ts';
import { listProjectUserAccess } from '../src/services/projects/listProjectUserAccess.ts';
import { listUserRoles } from '../src/services/users/listUserRoles.ts';
import { collectLog } from './helpers/collect-log.ts';
import { createSamples } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';

const { logTo, entriesOf } = collectLog();
const service = await startService({ logTo });
const samples = await createSamples(service);
const { ids } = await samples.addSample();
test.after.always(() => service.stop());

/** What no type lets through. */
const nothing = undefined as never;

test.serial('a value that is missing by mistake makes a query fail, and never see more', async (t) => {
  const { context } = service;
  const somebody = { id: nothing, is_platform_admin: false } as never;
  const mistakes: Readonly<Record<string, () => Promise<unknown>>> = {
    getLanguage: () => getLanguage(context, { id: nothing }),
    getOrganization: () => getOrganization(context, { slug: nothing }),
    getPhase: () => getPhase(context, somebody, ids['phase_id'] ?? ''),
    getProject: () => getProject(context, nothing),
    listMyApps: () => listMyApps(context, somebody, {}),
    listMyRoles: () => listMyRoles(context, nothing, {}),
    listPhases: () => listPhases(context, somebody, {}),
    listProjects: () => listProjects(context, somebody, {}),
    listProjectUserAccess: () => listProjectUserAccess(context, nothing, {}),
    listUserRoles: () => listUserRoles(context, nothing, {}),
  };
  for (const [name, mistake] of Object.entries(mistakes))
    await t.throwsAsync(mistake, { message: /undefined/i }, name);
});

test.serial('a query that fails is in the log with its text, and without what was bound to it', async (t) => {
  const { database } = service.context;
  await database.raw('alter table phases rename column description to elsewhere');
  const request = { as: samples.admin, path: { phase_id: ids['phase_id'] ?? '' } };
  const { headers } = await service.call('getPhase', 500, request);
  await database.raw('alter table phases rename column elsewhere to description');
  const [entry = {}] = await entriesOf(headers.get('X-Request-Id') ?? '', 2);
  t.like(entry, { severity: 'ERROR', error: { code: '42703' } });
  const { message } = entry['error'] as { message: string };
  t.regex(
    message,
    /^select .* from "phases" where "phases"\."id" = \$2 - column "description" does not exist$/,
  );
  t.false(JSON.stringify(entry).includes(request.path.phase_id));
  t.is((await service.call('getPhase', 200, request)).body.id, request.path.phase_id);
});
