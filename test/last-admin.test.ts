import test from 'ava';
import type { RawRequest } from './helpers/client.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

// These count the platform admins of their whole database, so they come one after another and make all of them.
const service = await startService();
const { database } = service.context;
const [one, other] = [await platformAdmin(service), await platformAdmin(service)];
const ids = [one.id, other.id];
const saved = {
  users: await database('users').whereIn('id', ids),
  sessions: await database('sessions').whereIn('user_id', ids),
};
test.after.always(() => service.stop());

/** Both admins as they were, signed in. */
async function restore(): Promise<void> {
  await database('users').whereIn('id', ids).delete();
  await database('users').insert(saved.users);
  await database('sessions').insert(saved.sessions);
}

async function activeAdmins(): Promise<number> {
  const rows = await database('users').where({ is_platform_admin: true, is_active: true }).select('id');
  return rows.length;
}

const patch = (change: object) => (target: Person) => ({
  method: 'PATCH',
  path: `/api/users/${target.id}`,
  body: JSON.stringify(change),
});
const ways: Record<string, (target: Person) => RawRequest> = {
  demote: patch({ is_platform_admin: false }),
  deactivate: patch({ is_active: false }),
  delete: (target) => ({ method: 'DELETE', path: `/api/users/${target.id}` }),
};

/** What an admin can do that takes one away: themselves, or the other of the two. */
const acts: Record<string, (actor: Person, partner: Person) => RawRequest> = {
  'deletes their account': () => ({ method: 'DELETE', path: '/api/auth/me' }),
};
for (const [name, way] of Object.entries(ways)) {
  acts[`${name}s themselves`] = (actor) => way(actor);
  acts[`${name}s the other`] = (_actor, partner) => way(partner);
}

for (const [name, act] of Object.entries(acts)) {
  if (name.endsWith('the other')) continue;
  test.serial(`The last active platform admin, who ${name}, gets 409 LAST_ADMIN and stays`, async (t) => {
    await restore();
    await database('users').where({ id: other.id }).update({ is_active: false });
    const { status, body } = await service.send({ ...act(one, other), as: one });
    t.is(status, 409);
    t.like(body, { code: 'LAST_ADMIN' });
    t.is(await activeAdmins(), 1);
    await service.call('getMe', 200, { as: one });
    const recorded = await database('audit_events').where({ subject_id: one.id, actor_id: one.id });
    t.false(recorded.some(({ action }: { action: string }) => action === 'user.deleted'));
  });
}

test.serial(
  'An inactive platform admin may be demoted, and deleted, where there is one active',
  async (t) => {
    for (const request of [ways['demote'], ways['delete']]) {
      await restore();
      await database('users').where({ id: other.id }).update({ is_active: false });
      const { status } = await service.send({ method: 'GET', path: '/', ...request?.(other), as: one });
      t.true(status === 200 || status === 204);
    }
  },
);

test.serial(
  'Somebody who is no platform admin is deactivated and deleted where there is one admin',
  async (t) => {
    await restore();
    await database('users').where({ id: other.id }).delete();
    const person = await signUp(service);
    const path = { user_id: person.id };
    await service.call('updateUser', 200, {
      as: one,
      path,
      body: { is_active: false, is_platform_admin: false },
    });
    await service.call('deleteUser', 204, { as: one, path });
    t.is(await activeAdmins(), 1);
  },
);

const names = Object.keys(acts);
const pairs = names.flatMap((first, index) => names.slice(index).map((second) => [first, second] as const));

for (const [first, second] of pairs) {
  test.serial(
    `Of two admins at once, one who ${first} and one who ${second}, an active one stays`,
    async (t) => {
      const conditions = [{}, { 'If-Match': '*' }];
      for (let round = 0; round < 20; round += 1) {
        await restore();
        const headers = conditions[round % 4 > 1 ? 1 : 0];
        const requests = [
          { ...acts[first]?.(one, other), as: one, headers },
          { ...acts[second]?.(other, one), as: other, headers },
        ] as RawRequest[];
        if (round % 2 === 1) requests.reverse();
        const answers = await Promise.all(requests.map((request) => service.send(request)));
        const shown = JSON.stringify(answers.map(({ status, body }) => ({ status, body })));
        t.true((await activeAdmins()) >= 1, shown);
        t.true(
          answers.every(({ status }) => status < 500),
          shown,
        );
        t.true(
          answers.some(({ status }) => status < 300),
          shown,
        );
      }
    },
  );
}
