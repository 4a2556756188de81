import test from 'ava';
import type { components } from '../src/generated/openapi.ts';
import { document } from './helpers/contract.ts';
import { password, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

type Schemas = components['schemas'];

// What goes out is held against the contract by the service too: a limit that is too narrow would show as a 500.
const service = await startService({ trustedProxies: 1 });
const as = await platformAdmin(service);
test.after.always(() => service.stop());

const longName = '𐓏'.repeat(200);
const longEmail = `${'e'.repeat(64)}@${['d'.repeat(63), 'd'.repeat(63), 'd'.repeat(57), 'org'].join('.')}`;

/** A body whose texts are as long as they may be, where nothing else is given. */
function longest<Name extends keyof Schemas>(name: Name, given: Partial<Schemas[Name]> = {}): Schemas[Name] {
  const fields = Object.entries(document.components.schemas[name]?.properties ?? {});
  const texts = fields.map(([field, { pattern = '', maxLength = 0 }]) => {
    if (pattern.includes('http')) return [field, 'https://example.org/'.padEnd(maxLength, 'x')];
    return [field, (pattern.includes('\\x00') ? '𐓏' : 'k').repeat(maxLength)];
  });
  return { ...Object.fromEntries(texts.filter(([, text]) => text !== '')), ...given } as Schemas[Name];
}

test('an app, its roles and requests for it are answered at their longest', async (t) => {
  const app = (await service.call('createApp', 201, { as, body: longest('CreateAppRequest') })).body;
  t.is(app.app_key.length, 100);
  t.is(app.name, longName);
  t.is(app.icon_url?.length, 2048);
  const { app_key } = app;
  const path = { app_id: app.id };
  const role = await service.call('createAppRole', 201, { as, path, body: longest('CreateAppRoleRequest') });
  const { role_key } = role.body;
  t.is(role_key.length, 100);
  const asked = longest('CreateAccessRequestRequest', { app_key });
  const { id: request_id } = (await service.call('createAccessRequest', 201, { as, body: asked })).body;
  const review = longest('ReviewAccessRequestRequest', { status: 'approved', role_key });
  await service.call('reviewAccessRequest', 200, { as, path: { request_id }, body: review });
  await service.call('updateApp', 200, { as, path, body: { default_role_key: role_key } });
  for (const id of ['listApps', 'listMyApps', 'listAccessRequests', 'listMyRoles'] as const)
    t.true(JSON.stringify((await service.call(id, 200, { as })).body).includes(app_key), id);
  await service.call('listUserRoles', 200, { as, path: { user_id: as.id } });
});

test('an organization, a project and a phase are answered at their longest, and so are lists of them', async (t) => {
  const organization = await service.call('createOrganization', 201, {
    as,
    body: longest('CreateOrganizationRequest', { manager_id: as.id }),
  });
  const language = longest('CreateLanguageRequest', { code: 'qaa' });
  const { id: language_id } = (await service.call('createLanguage', 201, { as, body: language })).body;
  const place = { language_id, organization_id: organization.body.id, latitude: -90, longitude: 180 };
  const project = await service.call('createProject', 201, {
    as,
    body: longest('CreateProjectRequest', place),
  });
  const path = { project_id: project.body.id };
  t.is(project.body.description, '𐓏'.repeat(2000));
  const phase = await service.call('createPhase', 201, { as, body: longest('CreatePhaseRequest') });
  await service.call('attachProjectPhase', 204, { as, path, body: { phase_id: phase.body.id } });
  for (const id of ['listProjectPhases', 'listProjectPhasesWithDependencies'] as const)
    t.is((await service.call(id, 200, { as, path })).status, 200);
  const query = { user_id: as.id };
  t.is((await service.call('explainProjectAccess', 200, { as, path, query })).body.paths.length, 3);
  const [granted] = (await service.call('listProjectOrganizationAccess', 200, { as, path })).body;
  t.is(granted?.name, longName);
});

test('an account and its sessions are answered at their longest', async (t) => {
  const person = await signUp(service, { email: longEmail });
  t.is(person.email.length, 254);
  const body = longest('UpdateMeRequest', { locale: 'abcdefgh-abcdefgh-abcdefgh-abcdefgh' });
  t.is((await service.call('updateMe', 200, { as: person, body })).body.avatar_url?.length, 2048);
  const headers = {
    'User-Agent': '\u00e9'.repeat(600),
    'X-Forwarded-For': 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'X-Request-Id': '~'.repeat(128),
  };
  const wrong = { email: longEmail, password: 'wrong' };
  await service.call('logIn', 401, { headers, body: wrong });
  const { tokens } = (await service.call('logIn', 200, { headers, body: { ...wrong, password } })).body;
  const [session] = (await service.call('listSessions', 200, { as: tokens })).body;
  t.is(session?.user_agent, '\u00e9'.repeat(500));
  t.is(session?.ip, headers['X-Forwarded-For']);
  const { body: events } = await service.call('listAuditEvents', 200, {
    as,
    query: { action: 'user.login_failed' },
  });
  t.is(events[0]?.request_id, headers['X-Request-Id']);
  await service.call('listUsers', 200, { as });
});

test('a link to the next page is longest where the filter and the last name are', async (t) => {
  const q = '\u0001'.repeat(200);
  for (const code of ['qba', 'qbb'])
    await service.call('createLanguage', 201, { as, body: { name: `k${'\u0001'.repeat(199)}`, code } });
  const phases = ['a', 'b'].map((last) => ({ name: `${'\u{10ffff}'.repeat(199)}${last}` }));
  for (const body of phases) await service.call('createPhase', 201, { as, body });
  const { headers } = await service.call('listPhases', 200, { as, query: { limit: 1 } });
  const next = /^<(?<address>[^>]+)>/.exec(headers.get('Link') ?? '')?.groups?.['address'] ?? '';
  t.true(next.length > 1000);
  t.is((await service.send({ method: 'GET', path: next, as })).status, 200);
  t.is((await service.call('listLanguages', 200, { as, query: { q, limit: 1 } })).status, 200);
});

test('an unknown name is told of without its control characters', async (t) => {
  const name = `a\u0000\u001b[31m${'x'.repeat(300)}`;
  const body = JSON.stringify({ email: 'nobody@example.org', password: 'x', [name]: 1 });
  const path = `/api/languages?${encodeURIComponent(name)}=1`;
  for (const request of [
    { method: 'POST', path: '/api/auth/login', body },
    { method: 'GET', path, as },
  ]) {
    const problem = (await service.send(request)).body as Schemas['Problem'];
    t.regex(problem.errors?.[0]?.path ?? '', /^a\ufffd\ufffd\[31mx{193}$/);
  }
});
