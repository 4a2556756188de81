import test from 'ava';
import { signUp } from './helpers/people.ts';
import { anotherInstance } from './helpers/instances.ts';
import { startService, type TestService } from './helpers/service.ts';

const service = await startService({ trustedProxies: 0 });
test.after.always(() => service.stop());

const ownAddress = /^(127\.0\.0\.1|::1)$/;

/** What a sign-in notes as the client's address. */
async function addressOf(on: TestService, forwardedFor: string): Promise<string> {
  const { email } = await signUp(on);
  const { body } = await on.call('logIn', 200, {
    headers: { 'X-Forwarded-For': forwardedFor },
    body: { email, password: 'a password that nobody would guess' },
  });
  const sessions = await on.call('listSessions', 200, { as: body.tokens });
  return sessions.body.find(({ current }) => current)?.ip ?? 'none';
}

test('Without TRUST_PROXY an address in X-Forwarded-For is not believed', async (t) => {
  t.regex(await addressOf(service, '192.0.2.17'), ownAddress);
  t.regex(await addressOf(service, '198.51.100.1, 192.0.2.17'), ownAddress);
});

test('With one trusted proxy the address that it adds is believed, and none before it', async (t) => {
  const behindProxy = await anotherInstance(t, service, { trustedProxies: 1 });
  t.is(await addressOf(behindProxy, '192.0.2.17'), '192.0.2.17');
  t.is(await addressOf(behindProxy, '198.51.100.1, 192.0.2.17'), '192.0.2.17');
  t.is(await addressOf(behindProxy, '2001:db8::17'), '2001:db8::17');
  t.is(await addressOf(behindProxy, '::ffff:192.0.2.17'), '192.0.2.17');
});

test('With two trusted proxies the address before the last is believed', async (t) => {
  const behindProxies = await anotherInstance(t, service, { trustedProxies: 2 });
  t.is(await addressOf(behindProxies, '203.0.113.9, 198.51.100.1, 192.0.2.17'), '198.51.100.1');
});

test('Words in place of an address are noted as none', async (t) => {
  const behindProxy = await anotherInstance(t, service, { trustedProxies: 1 });
  for (const words of ['unknown', "'; drop table users", '192.0.2.17:1234', 'words '.repeat(50)]) {
    t.is(await addressOf(behindProxy, words), 'none', words);
  }
});

test('A long user agent is cut, an absent one is none', async (t) => {
  const { email } = await signUp(service);
  const { body } = await service.call('logIn', 200, {
    headers: { 'User-Agent': 'agent '.repeat(500) },
    body: { email, password: 'a password that nobody would guess' },
  });
  const sessions = await service.call('listSessions', 200, { as: body.tokens });
  t.is(sessions.body.find(({ current }) => current)?.user_agent, 'agent '.repeat(500).slice(0, 500));
});
