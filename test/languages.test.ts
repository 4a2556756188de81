import test from 'ava';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

test('POST /api/languages answers 201 with the language and where to find it', async (t) => {
  const admin = await platformAdmin(service);
  const { body, headers } = await service.call('createLanguage', 201, {
    as: admin,
    body: { name: 'Danish', code: 'DAN' },
  });
  t.like(body, { name: 'Danish', code: 'dan' });
  t.is(headers.get('Location'), `/api/languages/${body.id}`);
  const { body: read } = await service.call('getLanguage', 200, {
    as: admin,
    path: { language_id: body.id },
  });
  t.deepEqual(read, body);
});

test('POST /api/languages is refused for a viewer', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  const { body } = await service.call('createLanguage', 403, {
    as: viewer,
    body: { name: 'Swahili', code: 'swh' },
  });
  t.is(body.code, 'FORBIDDEN');
});

test('GET /api/auth/me', async (t) => {
  const person = await signUp(service);
  const { body } = await service.call('getMe', 200, { as: person });
  t.is(body.email, person.email);
});
