import test from 'ava';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

test('What somebody holds in projects and organizations ends after 10,000', async (t) => {
  const { id: user, ...as } = await signUp(service);
  await service.context.database.raw(
    `with others as (
       insert into projects (id, name, language_id)
         select gen_random_uuid(), 'Held ' || n, :language from generate_series(1, 10001) n returning id),
     held as (
       insert into project_user_access (id, project_id, user_id, role)
         select gen_random_uuid(), id, :user, 'manager' from others)
     insert into organizations (id, name, slug, manager_id)
       select gen_random_uuid(), 'Held ' || n, 'held-' || n, :user from generate_series(1, 10001) n`,
    { language: work.language.id, user },
  );
  const { project_roles } = (await service.call('listMyProjectRoles', 200, { as })).body;
  t.is(Object.keys(project_roles).length, 10_000);
  t.is((await service.call('listMyManagedOrganizations', 200, { as })).body.managed_org_ids.length, 10_000);
});

test('Lists of projects and phases end after 10,000', async (t) => {
  const [as, project, phase] = [work.admin, await work.addProject(work.admin), await work.addPhase()];
  // So many requests would take minutes.
  await service.context.database.raw(
    `with others as (
       insert into projects (id, name, language_id)
         select gen_random_uuid(), 'Project ' || n, :language from generate_series(1, 10001) n returning id),
     attached as (
       insert into project_phases (id, project_id, phase_id) select gen_random_uuid(), id, :phase from others),
     more as (
       insert into phases (id, name) select gen_random_uuid(), 'Phase ' || n from generate_series(1, 10001) n returning id),
     waiting as (
       insert into phase_dependencies (id, phase_id, depends_on_id) select gen_random_uuid(), :phase, id from more)
     insert into project_phases (id, project_id, phase_id) select gen_random_uuid(), :project, id from more`,
    { language: work.language.id, phase: phase.id, project: project.id },
  );
  // PostgreSQL would do so by itself in a minute; until then it takes the tables for small.
  await service.context.database.raw('analyze');
  const [project_id, phase_id] = [project.id, phase.id];
  t.is((await service.call('listProjects', 200, { as })).body.length, 10_000);
  t.is((await service.call('listPhases', 200, { as })).body.length, 10_000);
  t.is((await service.call('getPhase', 200, { as, path: { phase_id } })).body.project_ids.length, 10_000);
  t.is((await service.call('listPhaseDependencies', 200, { as, path: { phase_id } })).body.length, 10_000);
  t.is((await service.call('listProjectPhases', 200, { as, path: { project_id } })).body.length, 10_000);
});
