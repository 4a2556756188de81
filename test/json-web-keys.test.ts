import { createPublicKey, type JsonWebKey } from 'node:crypto';
import test from 'ava';
import jwt from 'jsonwebtoken';
import { claimsOf, headerOf, kidOf, newPrivateKey, verifiesWith } from './helpers/forging.ts';
import { signUp } from './helpers/people.ts';
import { startService, testSecret } from './helpers/service.ts';

const privateKeys = [newPrivateKey(), newPrivateKey()];
const service = await startService({
  keys: { secret: testSecret, privateKeys, signingAlgorithm: 'ES256' },
});
test.after.always(() => service.stop());

test('GET /.well-known/jwks.json answers the public keys, each by its thumbprint, and nothing private', async (t) => {
  const { body } = await service.call('getJsonWebKeySet', 200);
  t.deepEqual(body, {
    keys: privateKeys.map((key) => {
      const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
      return { kty: 'EC', crv: 'P-256', x, y, kid: kidOf(key), alg: 'ES256', use: 'sig' };
    }),
  });
  const text = JSON.stringify(body);
  for (const key of privateKeys) t.false(text.includes(key.export({ format: 'jwk' }).d ?? ''));
  for (const { x, y } of body.keys) t.deepEqual([x.length, y.length], [43, 43]);
});

test('GET /.well-known/jwks.json answers no keys where there is only a secret', async (t) => {
  const withSecret = await startService();
  t.teardown(() => withSecret.stop());
  t.deepEqual((await withSecret.call('getJsonWebKeySet', 200)).body, { keys: [] });
});

test('GET /.well-known/jwks.json answers 304 as long as the keys are the same', async (t) => {
  const { headers } = await service.call('getJsonWebKeySet', 200);
  const known = { 'If-None-Match': headers.get('ETag') ?? '' };
  await service.call('getJsonWebKeySet', 304, { headers: known });
  const rotated = await startService({
    databaseUrl: service.databaseUrl,
    keys: { secret: undefined, privateKeys: privateKeys.slice(1), signingAlgorithm: 'ES256' },
  });
  t.teardown(() => rotated.stop());
  await rotated.call('getJsonWebKeySet', 200, { headers: known });
  t.pass();
});

test('GET /.well-known/jwks.json answers 400 for an unknown query parameter', async (t) => {
  const path = '/.well-known/jwks.json?kid=1';
  t.is((await service.send({ method: 'GET', path })).status, 400);
});

test('Whoever has only the published keys can verify an access token', async (t) => {
  const person = await signUp(service);
  const { body: published } = await service.call('getJsonWebKeySet', 200);
  t.true(verifiesWith(person, published));
  const tampered = person.access_token.replace(/\.(.)(.)/, '.$2$1');
  t.not(tampered, person.access_token);
  t.false(verifiesWith({ access_token: tampered }, published));
  t.false(verifiesWith(person, { keys: published.keys.slice(1) }));
});

test('A tool that verifies as the contract says learns whose access token it is', async (t) => {
  const person = await signUp(service);
  const { body: published } = await service.call('getJsonWebKeySet', 200);
  const key = published.keys.find(({ kid }) => kid === headerOf(person)['kid']);
  const verified = jwt.verify(
    person.access_token,
    createPublicKey({ format: 'jwk', key: key as JsonWebKey }),
    { algorithms: ['ES256'], issuer: 'tripod-api', audience: 'tripod' },
  );
  t.like(verified, { sub: person.id, type: 'access' });
});

test('The access token of a session that has ended still verifies elsewhere, and is refused here', async (t) => {
  const person = await signUp(service);
  await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
  const { body: published } = await service.call('getJsonWebKeySet', 200);
  t.true(verifiesWith(person, published));
  await service.call('getMe', 401, { as: person });
});

test('Tokens are signed by the first private key, whatever else there is', async (t) => {
  const person = await signUp(service);
  t.deepEqual(headerOf(person), { alg: 'ES256', typ: 'JWT', kid: kidOf(privateKeys[0] ?? newPrivateKey()) });
  t.is(Number(claimsOf(person)['exp']) - Number(claimsOf(person)['iat']), 1800);
  const { body: next } = await service.call('refreshTokens', 200, {
    body: { refresh_token: person.refresh_token },
  });
  t.deepEqual(headerOf(next), headerOf(person));
});
