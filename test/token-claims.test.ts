import test from 'ava';
import { encoded, forge, seconds, startInstallations, type Members } from './helpers/forging.ts';
import { anotherInstance } from './helpers/instances.ts';

const installations = await startInstallations();
test.after.always(() => Promise.all(installations.map(({ service }) => service.stop())));

const unknownId = '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35';

/** What may not be in the claims, whoever has signed them. */
const wrong: Readonly<Record<string, Members>> = {
  'of another issuer': { iss: 'somebody-else' },
  'of an issuer in other letters': { iss: 'Tripod-API' },
  'of several issuers': { iss: ['tripod-api'] },
  'without an issuer': { iss: undefined },
  'for another audience': { aud: 'elsewhere' },
  'for another audience alone, in a list': { aud: ['elsewhere'] },
  'for an audience that starts like ours': { aud: 'tripod.example.org' },
  'for an audience that is an object': { aud: { tripod: true } },
  'without an audience': { aud: undefined },
  'of the type refresh': { type: 'refresh' },
  'of another type': { type: 'id' },
  'of a list of types': { type: ['access'] },
  'without a type': { type: undefined },
  'without a user': { sub: undefined },
  'of a user that is null': { sub: null },
  'of a user whose id is a number': { sub: 1 },
  'of a user whose id is none': { sub: `' or true --` },
  'of another user than its session': { sub: unknownId },
  'without a session': { sid: undefined },
  'of a session whose id is none': { sid: 'current' },
  'of a list of sessions': { sid: [unknownId] },
  'of a session that never was': { sid: unknownId },
  'without an id': { jti: undefined },
  'whose id is a number': { jti: 1 },
  'that has expired a second ago': { exp: seconds(-1) },
  'that has expired long ago': { iat: 0, exp: 1800 },
  'that never expires': { exp: undefined },
  'that expires at no number': { exp: null },
  'that expires at a text': { exp: String(seconds(1800)) },
  'that expires at a time in words': { exp: '2999-01-01T00:00:00Z' },
  'that says of itself that it has not expired': { exp: true },
  'that was issued two minutes ahead': { iat: seconds(120), exp: seconds(1920) },
  'that was issued in milliseconds': { iat: Date.now(), exp: Date.now() + 1800 },
  'that was issued at no time': { iat: undefined },
  'that was issued at a text': { iat: String(seconds(0)) },
  'that is good only in two minutes': { nbf: seconds(120) },
  'that is good from a text on': { nbf: String(seconds(-10)) },
  'that is good from null on': { nbf: null },
};

const bodies: Readonly<Record<string, unknown>> = {
  null: null,
  'a list': [],
  'a word': 'claims',
  'a number': 1,
  'an empty object': {},
};

const right: Readonly<Record<string, () => Members>> = {
  'of an instance whose clock is 50 seconds ahead': () => ({ iat: seconds(50), exp: seconds(1850) }),
  'that has been good for a while': () => ({ nbf: seconds(-60) }),
  'that is good in 50 seconds, by the clock of another instance': () => ({ nbf: seconds(50) }),
  'that expires in a minute': () => ({ exp: seconds(60) }),
  'for us among others': () => ({ aud: ['elsewhere', 'tripod'] }),
  'with a claim that we know nothing of': () => ({ scope: 'everything', is_platform_admin: true }),
};

for (const { name, keys, service, person, header, claims, sign } of installations) {
  for (const [title, change] of Object.entries(wrong)) {
    test(`${name}, an access token ${title} is refused`, async (t) => {
      const as = forge(header, { ...claims, ...change }, sign);
      const { body, headers } = await service.call('getMe', 401, { as });
      t.is(body.code, 'UNAUTHORIZED');
      t.is(headers.get('WWW-Authenticate'), 'Bearer realm="tripod", error="invalid_token"');
    });
  }

  for (const [title, body] of Object.entries(bodies)) {
    test(`${name}, an access token whose claims are ${title} is refused`, async (t) => {
      for (const like of [header, { ...header, typ: undefined }])
        await service.call('getMe', 401, { as: forge(like, body, sign) });
      t.pass();
    });
  }

  test(`${name}, an access token whose claims are no JSON is refused`, async (t) => {
    const texts = ['{"sub":', '{"sub":1}}', '{', ' ', `${JSON.stringify(claims)},`];
    for (const text of texts) {
      const input = `${encoded(header)}.${Buffer.from(text).toString('base64url')}`;
      const as = { access_token: `${input}.${sign(input).toString('base64url')}` };
      await service.call('getMe', 401, { as });
    }
    t.pass();
  });

  for (const [title, change] of Object.entries(right)) {
    test(`${name}, an access token ${title} is accepted`, async (t) => {
      const as = forge(header, { ...claims, ...change() }, sign);
      const { body } = await service.call('getMe', 200, { as });
      t.like(body, { id: person.id, is_platform_admin: false });
    });
  }

  test(`${name}, the clock of the service decides whether an access token is good`, async (t) => {
    const later = await anotherInstance(t, service, { keys });
    later.passMinutes(5);
    const until = forge(header, { ...claims, exp: seconds(240) }, sign);
    await service.call('getMe', 200, { as: until });
    await later.call('getMe', 401, { as: until });
    for (const change of [{ iat: seconds(240) }, { nbf: seconds(240) }]) {
      const from = forge(header, { ...claims, ...change }, sign);
      await service.call('getMe', 401, { as: from });
      await later.call('getMe', 200, { as: from });
    }
    t.pass();
  });
}
