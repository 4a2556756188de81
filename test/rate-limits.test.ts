import test from 'ava';
import { anotherInstance } from './helpers/instances.ts';
import { password, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService({ trustedProxies: 1 });
test.after.always(() => service.stop());

test('first try', async (t) => {
  const { email } = await signUp(service);
  const statuses = [];
  for (let i = 0; i < 14; i++) {
    const a = await service.send({ method: 'POST', path: '/api/auth/login', headers: {'X-Forwarded-For': `192.0.2.${i}`}, body: JSON.stringify({ email, password: 'x' }) });
    statuses.push([a.status, a.headers.get('RateLimit'), a.headers.get('RateLimit-Policy'), a.headers.get('Retry-After'), JSON.stringify(a.body)]);
  }
  t.log(statuses);
  const a = await service.send({ method: 'POST', path: '/api/auth/login', body: JSON.stringify({ email, password }) });
  t.log(a.status, a.headers);
  t.log(await service.context.database('rate_limits'));
});
