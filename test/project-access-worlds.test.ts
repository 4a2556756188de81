import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { signUp, type Person } from './helpers/people.ts';
import { roleIn } from './helpers/project-roles.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

type Path = Schema<'ProjectAccessPath'>;
type Role = 'member' | 'manager';

const admin = work.admin;
const worlds = 50;
/** Worlds that share a person are arranged one after another. */
const people = 5;

/** Numbers that look random and are the same for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

async function grant(project_id: string, user_id: string, role: Role): Promise<void> {
  const request = { as: admin, path: { project_id } };
  await service.call('grantProjectUserAccess', 201, { ...request, body: { user_id, role } });
}

async function join(organization_id: string, user_id: string, role: Role): Promise<void> {
  const request = { as: admin, path: { organization_id } };
  await service.call('addOrganizationMember', 201, { ...request, body: { user_id, role } });
}

async function nameManager(organization_id: string, manager_id: string | null): Promise<void> {
  await service.call('updateOrganization', 200, {
    as: admin,
    path: { organization_id },
    body: { manager_id },
  });
}

async function setPlatformAdmin(user_id: string, is_platform_admin: boolean): Promise<void> {
  await service.call('updateUser', 200, { as: admin, path: { user_id }, body: { is_platform_admin } });
}

/** A project, and a person who comes to it in any number of ways or in none. */
async function arrange(person: Person, seed: number): Promise<Schema<'Project'>> {
  const random = randomFrom(seed);
  const role = (): Role | undefined => ([undefined, 'member', 'manager'] as const)[random(3)];
  await setPlatformAdmin(person.id, random(5) === 0);
  const project = await work.addProject(admin);
  const direct = role();
  if (direct) await grant(project.id, person.id, direct);
  for (let count = random(4); count > 0; count -= 1) {
    const isNamed = random(3) === 0;
    const named = isNamed ? { manager_id: person.id } : {};
    const organization = { name: 'Coastal Teams', slug: randomUUID(), ...named };
    const { id } = (await service.call('createOrganization', 201, { as: admin, body: organization })).body;
    const membership = role();
    if (membership) await join(id, person.id, membership);
    const path = { project_id: project.id };
    const body = { organization_id: id };
    if (random(4) > 0) await service.call('grantProjectOrganizationAccess', 201, { as: admin, path, body });
  }
  return project;
}

/** Takes one way away, and answers how it comes back. */
async function takeAway(path: Path, project: { id: string }, person: Person): Promise<() => Promise<void>> {
  const user_id = person.id;
  const organization_id = path.organization_id ?? '';
  if (path.kind === 'platform_admin') {
    await setPlatformAdmin(user_id, false);
    return () => setPlatformAdmin(user_id, true);
  }
  if (path.kind === 'direct') {
    const access = { project_id: project.id, user_id };
    await service.call('revokeProjectUserAccess', 204, { as: admin, path: access });
    return () => grant(project.id, user_id, path.role);
  }
  if (path.membership === 'named_manager') {
    await nameManager(organization_id, null);
    return () => nameManager(organization_id, user_id);
  }
  await service.call('removeOrganizationMember', 204, { as: admin, path: { organization_id, user_id } });
  return () => join(organization_id, user_id, path.role);
}

for (let number = 0; number < people; number += 1) {
  test(`Without any one of the ways to a project its role_without is what is left, in small worlds (${number + 1})`, async (t) => {
    const person = await signUp(service);
    for (let seed = number; seed < worlds; seed += people) {
      const project = await arrange(person, seed);
      const request = { as: admin, path: { project_id: project.id }, query: { user_id: person.id } };
      const explain = async () => (await service.call('explainProjectAccess', 200, request)).body;
      const before = await explain();
      const world = `world ${seed}: ${JSON.stringify(before.paths)}`;
      t.is(await roleIn(service, project, person), before.role ?? 'none', world);
      for (const path of before.paths) {
        const bringBack = await takeAway(path, project, person);
        t.is(await roleIn(service, project, person), path.role_without ?? 'none', world);
        t.is((await explain()).role, path.role_without, world);
        await bringBack();
        t.deepEqual(await explain(), before, world);
      }
    }
  });
}
