import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { addApp } from './helpers/apps.ts';
import type { Answer } from './helpers/client.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

type App = Schema<'App'>;

function ask(as: Person, { app_key }: App): Promise<Answer<unknown>> {
  const body = JSON.stringify({ app_key });
  return service.send({ method: 'POST', path: '/api/access-requests', as, body });
}

function review(request: { id: string }, status: string): Promise<Answer<unknown>> {
  const path = `/api/access-requests/${request.id}/review`;
  return service.send({ method: 'PATCH', path, as: admin, body: JSON.stringify({ status }) });
}

function approveAll(app: App, headers: Record<string, string> = {}): Promise<Answer<unknown>> {
  const body = JSON.stringify({ auto_approve: true });
  return service.send({ method: 'PATCH', path: `/api/apps/${app.id}`, as: admin, body, headers });
}

async function tagOf(app: App): Promise<Record<string, string>> {
  const { headers } = await service.call('getApp', 200, { as: admin, path: { app_id: app.id } });
  return { 'If-Match': headers.get('ETag') ?? '' };
}

async function newest(as: Person, { app_key }: App): Promise<Schema<'AccessRequest'> | null> {
  return (await service.call('getMyAccessRequest', 200, { as, query: { app_key } })).body;
}

async function rolesIn({ app_key }: App, as: Person): Promise<string[]> {
  const { body } = await service.call('listMyRoles', 200, { as, query: { app_key } });
  return body.map(({ role_key }) => role_key);
}

/** How often each role in the app was noted as given to somebody. */
async function notedGrants(person: Person, { app_key }: App): Promise<number> {
  const events = await eventsAbout(service, person);
  return events.filter(({ action, details }) => action === 'role.assigned' && details['app_key'] === app_key)
    .length;
}

test('Turning auto_approve on approves what is pending, and leaves what is decided', async (t) => {
  const app = await addApp(service, admin);
  const [one, two, rejected] = [await signUp(service), await signUp(service), await signUp(service)];
  for (const person of [one, two, rejected]) await ask(person, app);
  await review((await newest(rejected, app)) ?? { id: '' }, 'rejected');
  const path = { app_id: app.id };
  const body = { auto_approve: true, default_role_key: 'annotator' };
  await service.call('updateApp', 200, { as: admin, path, body });
  for (const person of [one, two]) {
    const request = await newest(person, app);
    t.like(request, { status: 'approved', reviewed_by: null });
    t.is(typeof request?.reviewed_at, 'string');
    t.deepEqual(await rolesIn(app, person), ['annotator']);
    const details = { app_key: app.app_key, role_key: 'annotator' };
    t.deepEqual((await eventsAbout(service, person)).slice(2), [
      {
        action: 'access_request.approved',
        actor_id: admin.id,
        details: { ...details, access_request_id: request?.id },
      },
      { action: 'role.assigned', actor_id: admin.id, details },
    ]);
  }
  t.is((await newest(rejected, app))?.status, 'rejected');
  t.deepEqual(await rolesIn(app, rejected), []);
});

test('Turning auto_approve on approves more requests than one statement could note', async (t) => {
  const app = await addApp(service, admin);
  const { database } = service.context;
  await database.raw(
    `with person as (insert into users (id, email, search_text, password_hash)
       select id, id || '@example.org', '', '' from (select gen_random_uuid() id from generate_series(1, 9000)) new returning id)
     insert into access_requests (id, user_id, app_id) select gen_random_uuid(), id, ? from person`,
    [app.id],
  );
  t.is((await approveAll(app)).status, 200);
  const count = async (text: string) => {
    const { rows } = await database.raw<{ rows: { n: number }[] }>(`select count(*)::int n ${text}`, [
      app.app_key,
    ]);
    return rows[0]?.n;
  };
  t.is(await count('from held_app_roles where app_key = ?'), 9000);
  t.is(await count(`from audit_events where action = 'role.assigned' and details ->> 'app_key' = ?`), 9000);
});

for (const withTag of [false, true]) {
  const how = withTag ? ', and looks first that the app is unchanged' : '';

  test(`A request that arrives while auto_approve is turned on${how} is approved by one of the two`, async (t) => {
    const person = await signUp(service);
    await raceInBothOrders(async (race) => {
      const app = await addApp(service, admin);
      const headers = withTag ? await tagOf(app) : {};
      const [asked, changed] = await race(
        () => ask(person, app),
        () => approveAll(app, headers),
      );
      t.is(`${asked.status} ${changed.status}`, '201 200');
      t.is((await newest(person, app))?.status, 'approved');
      t.deepEqual(await rolesIn(app, person), ['viewer']);
      t.is(await notedGrants(person, app), 1);
    });
  });

  test(`A request that is rejected while auto_approve is turned on${how} is decided once`, async (t) => {
    const person = await signUp(service);
    await raceInBothOrders(async (race) => {
      const app = await addApp(service, admin);
      await ask(person, app);
      const request = (await newest(person, app)) ?? { id: '' };
      const headers = withTag ? await tagOf(app) : {};
      const [reviewed, changed] = await race(
        () => review(request, 'rejected'),
        () => approveAll(app, headers),
      );
      t.is(changed.status, 200);
      t.true([200, 409].includes(reviewed.status), String(reviewed.status));
      const rejected = reviewed.status === 200;
      t.is((await newest(person, app))?.status, rejected ? 'rejected' : 'approved');
      t.deepEqual(await rolesIn(app, person), rejected ? [] : ['viewer']);
    });
  });
}

for (const other of ['approved', 'rejected']) {
  test(`Of two reviews at once, approved and ${other}, one is the decision`, async (t) => {
    const person = await signUp(service);
    await raceInBothOrders(async (race) => {
      const app = await addApp(service, admin);
      await ask(person, app);
      const request = (await newest(person, app)) ?? { id: '' };
      const [one, two] = await race(
        () => review(request, 'approved'),
        () => review(request, other),
      );
      t.deepEqual([one.status, two.status].toSorted(), [200, 409]);
      t.like([one, two].find(({ status }) => status === 409)?.body, { code: 'ALREADY_REVIEWED' });
      const status = one.status === 200 ? 'approved' : other;
      t.is((await newest(person, app))?.status as string, status);
      t.is((await rolesIn(app, person)).length, status === 'approved' ? 1 : 0);
      t.is(await notedGrants(person, app), status === 'approved' ? 1 : 0);
    });
  });
}

test('An app that is deleted while somebody asks for access, or is approved, takes it all along', async (t) => {
  const [asking, approved] = [await signUp(service), await signUp(service)];
  await raceInBothOrders(async (race) => {
    const app = await addApp(service, admin);
    await ask(approved, app);
    const request = (await newest(approved, app)) ?? { id: '' };
    const remove = () => service.send({ method: 'DELETE', path: `/api/apps/${app.id}`, as: admin });
    const [deleted, ...others] = (
      await race(remove, () => Promise.all([ask(asking, app), review(request, 'approved')]))
    ).flat();
    t.is(deleted?.status, 204);
    for (const { status } of others) t.true([200, 201, 404].includes(status), String(status));
    for (const person of [asking, approved]) {
      t.is(await newest(person, app), null);
      t.deepEqual(await rolesIn(app, person), []);
    }
  });
});

test('An applicant whose account is deleted while all are approved is no obstacle', async (t) => {
  await raceInBothOrders(async (race) => {
    const [app, person] = [await addApp(service, admin), await signUp(service)];
    await ask(person, app);
    const [deleted, changed] = await race(
      () => service.send({ method: 'DELETE', path: `/api/users/${person.id}`, as: admin }),
      () => approveAll(app),
    );
    t.is(`${deleted.status} ${changed.status}`, '204 200');
  });
});
