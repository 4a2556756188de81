import { randomUUID } from 'node:crypto';
import test from 'ava';
import { bootstrapAdmin } from '../src/services/users/bootstrapAdmin.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { logIn, password, platformAdmin, signUp } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { startService, testSecret, type TestService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

const otherPassword = 'quite another password';

function newEmail(): string {
  return `${randomUUID()}@example.org`;
}

/** A service without any admin. */
async function withFreshService(use: (fresh: TestService) => Promise<void>): Promise<void> {
  const fresh = await startService();
  try {
    await use(fresh);
  } finally {
    await fresh.stop();
  }
}

function createAdmin(options: readonly string[], settings: Record<string, string> = {}) {
  const environment = { DATABASE_URL: service.databaseUrl, JWT_SECRET_KEY: testSecret, ...settings };
  return runProgram('scripts/create-admin.ts', environment, options);
}

test.serial('The configured admin is made where there is no platform admin, and signs in', async (t) => {
  await withFreshService(async (fresh) => {
    const email = newEmail();
    t.true(await bootstrapAdmin(fresh.context, { email: email.toUpperCase(), password }));
    const admin = await logIn(fresh, { email });
    t.like(admin, { email, is_platform_admin: true, is_active: true });
  });
});

test.serial('The configured admin is not made where there is a platform admin', async (t) => {
  await withFreshService(async (fresh) => {
    await platformAdmin(fresh);
    const email = newEmail();
    t.true(await bootstrapAdmin(fresh.context, { email, password }));
    await fresh.call('logIn', 401, { body: { email, password } });
  });
});

test.serial('A start does not give an admin the configured password again', async (t) => {
  await withFreshService(async (fresh) => {
    const email = newEmail();
    await bootstrapAdmin(fresh.context, { email, password });
    const admin = await logIn(fresh, { email });
    await bootstrapAdmin(fresh.context, { email, password: otherPassword });
    await fresh.call('logIn', 401, { body: { email, password: otherPassword } });
    await fresh.call('getMe', 200, { as: admin });
    t.pass();
  });
});

test.serial('Without a configured admin none is made', async (t) => {
  await withFreshService(async (fresh) => {
    await signUp(fresh);
    t.false(await bootstrapAdmin(fresh.context, undefined));
    t.deepEqual(await fresh.context.database('users').where({ is_platform_admin: true }), []);
  });
});

test.serial('Ten starts at once make one admin', async (t) => {
  await withFreshService(async (fresh) => {
    const email = newEmail();
    const starts = Array.from({ length: 10 }, () => bootstrapAdmin(fresh.context, { email, password }));
    t.true((await Promise.all(starts)).every((hasAdmin) => hasAdmin));
    t.is((await fresh.context.database('users').where({ is_platform_admin: true })).length, 1);
    await logIn(fresh, { email });
  });
});

test.serial(
  'Whoever had signed up with the configured admin’s e-mail is signed out and has no password any more',
  async (t) => {
    await withFreshService(async (fresh) => {
      const stranger = await signUp(fresh);
      await bootstrapAdmin(fresh.context, { email: stranger.email, password: otherPassword });
      await fresh.call('getMe', 401, { as: stranger });
      await fresh.call('refreshTokens', 401, { body: { refresh_token: stranger.refresh_token } });
      await fresh.call('logIn', 401, { body: { email: stranger.email, password } });
      const { body } = await fresh.call('logIn', 200, {
        body: { email: stranger.email, password: otherPassword },
      });
      t.like(body.user, { id: stranger.id, is_platform_admin: true });
    });
  },
);

test.serial(
  'admin:create makes a platform admin who signs in, and says nothing of the password',
  async (t) => {
    const email = newEmail();
    const { code, stdout, stderr } = await createAdmin([
      '--email',
      email.toUpperCase(),
      '--password',
      password,
    ]);
    t.is(code, 0, stderr);
    t.regex(stdout, /is a platform admin now/);
    t.false(`${stdout}${stderr}`.includes(password));
    t.true((await logIn(service, { email })).is_platform_admin);
  },
);

test.serial(
  'admin:create makes an admin of an account that exists and is deactivated, also beside other admins',
  async (t) => {
    await platformAdmin(service);
    const person = await signUp(service);
    await service.context.database('users').where({ id: person.id }).update({ is_active: false });
    const { code } = await createAdmin(['--email', person.email, '--password', otherPassword]);
    t.is(code, 0);
    await service.call('getMe', 401, { as: person });
    const { body } = await service.call('logIn', 200, {
      body: { email: person.email, password: otherPassword },
    });
    t.like(body.user, { id: person.id, is_platform_admin: true, is_active: true });
  },
);

test.serial('admin:create works on a database where nothing has run before', async (t) => {
  const { url, drop } = await createEmptyDatabase();
  const { code, stderr } = await createAdmin(['--email', newEmail(), '--password', password], {
    DATABASE_URL: url,
  });
  t.is(code, 0, stderr);
  await drop();
});

for (const [title, options] of Object.entries({
  'without options': [],
  'without a password': ['--email', 'admin@example.org'],
  'with an e-mail that is none': ['--email', 'admin', '--password', password],
  'with an option that lacks its value': ['--password', password, '--email'],
  'with an unknown option': ['--mail', 'admin@example.org', '--password', password],
})) {
  test.serial(`admin:create ${title} says how it is used`, async (t) => {
    const { code, stderr } = await createAdmin(options);
    t.is(code, 1);
    t.regex(stderr, /^Please name an e-mail and a password:\n {2}npm run admin:create/);
    t.is(stderr.trimEnd().split('\n').length, 2);
  });
}

for (const [title, weak, settings] of [
  ['is short', 'kviwesm', {}],
  ['is shorter than is asked for', 'kviwes mutanru', { PASSWORD_MIN_LENGTH: '15' }],
  ['is common', 'Sunshine', {}],
  ['stands before the @', 'first.last', {}],
] as const) {
  test.serial(`admin:create refuses a password that ${title}, in one line`, async (t) => {
    const email = `first.last@${randomUUID()}.example.org`;
    const { code, stderr } = await createAdmin(['--email', email, '--password', weak], settings);
    t.is(code, 1);
    t.regex(stderr, /^The password must [^\n]+\.\n$/);
    t.false(stderr.includes(weak));
    t.deepEqual(await service.context.database('users').where({ email }), []);
  });
}

const admin = { BOOTSTRAP_ADMIN_EMAIL: 'admin@example.org', BOOTSTRAP_ADMIN_PASSWORD: password };
const mail = {
  SMTP_URL: 'smtp://mailer:pppppppp@mail.example.org',
  MAIL_FROM: 'Tripod <tripod@example.org>',
  PASSWORD_RESET_URL: 'https://console.example.org/reset-password',
};
const inProduction = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://localhost/tripod',
  JWT_SECRET_KEY: testSecret,
};
const wrongSettings: readonly [setting: string, title: string, environment: Record<string, string>][] = [
  ['PORT', 'is a word', { PORT: 'http' }],
  ['PORT', 'is too large', { PORT: '65536' }],
  ['DATABASE_URL', 'is of another database', { DATABASE_URL: 'mysql://localhost/tripod' }],
  ['DATABASE_URL', 'is missing in production', { NODE_ENV: 'production', JWT_SECRET_KEY: testSecret }],
  ['JWT_SECRET_KEY', 'is short', { JWT_SECRET_KEY: 'k'.repeat(31) }],
  [
    'JWT_SECRET_KEY',
    'is missing in production',
    { NODE_ENV: 'production', DATABASE_URL: 'postgresql://localhost/tripod' },
  ],
  ['ACCESS_TOKEN_EXPIRE_MINUTES', 'is zero', { ACCESS_TOKEN_EXPIRE_MINUTES: '0' }],
  ['REFRESH_TOKEN_EXPIRE_MINUTES', 'is a fraction', { REFRESH_TOKEN_EXPIRE_MINUTES: '1.5' }],
  ['CORS_ORIGINS', 'has a path', { CORS_ORIGINS: 'https://console.example.org/' }],
  ['TRUST_PROXY', 'is no number', { TRUST_PROXY: 'true' }],
  ['LOG_LEVEL', 'is unknown', { LOG_LEVEL: 'loud' }],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'is missing', { BOOTSTRAP_ADMIN_EMAIL: 'admin@example.org' }],
  ['BOOTSTRAP_ADMIN_EMAIL', 'is missing', { BOOTSTRAP_ADMIN_PASSWORD: password }],
  ['BOOTSTRAP_ADMIN_EMAIL', 'is none', { ...admin, BOOTSTRAP_ADMIN_EMAIL: 'admin' }],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'is short', { ...admin, BOOTSTRAP_ADMIN_PASSWORD: 'p'.repeat(7) }],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'is common', { ...admin, BOOTSTRAP_ADMIN_PASSWORD: 'Sunshine' }],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'is shorter than is asked for', { ...admin, PASSWORD_MIN_LENGTH: '64' }],
  ['PASSWORD_MIN_LENGTH', 'is less than 8', { PASSWORD_MIN_LENGTH: '7' }],
  ['SMTP_URL', 'is none', { ...mail, SMTP_URL: 'mailer:pppppppp@mail.example.org' }],
  ['SMTP_URL', 'is of the web', { ...mail, SMTP_URL: 'https://mailer:pppppppp@mail.example.org' }],
  ['SMTP_URL', 'names no server', { ...mail, SMTP_URL: 'smtp://' }],
  ['MAIL_FROM', 'is missing', { ...mail, MAIL_FROM: '' }],
  ['MAIL_FROM', 'is none', { MAIL_FROM: 'Tripod' }],
  ['MAIL_FROM', 'is two', { ...mail, MAIL_FROM: 'one@example.org, two@example.org' }],
  ['MAIL_FROM', 'has two lines', { ...mail, MAIL_FROM: 'One\r\nBcc: two <two@example.org>' }],
  ['PASSWORD_RESET_URL', 'is missing', { ...mail, PASSWORD_RESET_URL: '' }],
  ['PASSWORD_RESET_URL', 'is none', { PASSWORD_RESET_URL: '/reset-password' }],
  ['PASSWORD_RESET_URL', 'is read on the way', { PASSWORD_RESET_URL: 'http://console.example.org/' }],
  ['PASSWORD_RESET_URL', 'is a script', { PASSWORD_RESET_URL: 'javascript:alert(1)' }],
  ['PASSWORD_RESET_URL', 'holds a password', { PASSWORD_RESET_URL: 'https://a:pppppppp@example.org/' }],
  [
    'PASSWORD_RESET_URL',
    'is of this machine in production',
    { ...inProduction, ...mail, PASSWORD_RESET_URL: 'http://localhost:5173/reset-password' },
  ],
  ['BOOTSTRAP_ADMIN_PASSWORD', 'is long', { ...admin, BOOTSTRAP_ADMIN_PASSWORD: 'p'.repeat(129) }],
];

// One after another: each is a process.
for (const [setting, title, environment] of wrongSettings) {
  test.serial(`The start stops with one line when ${setting} ${title}`, async (t) => {
    const { code, stdout, stderr } = await runProgram('dist/server.js', environment);
    t.is(code, 1);
    t.is(stdout, '');
    t.regex(stderr, new RegExp(`^[^\\n]*\\b${setting}\\b[^\\n]*\\n$`));
    for (const secret of [password, 'k'.repeat(31), 'p'.repeat(7), 'Sunshine'])
      t.false(stderr.includes(secret));
  });
}

test.serial('admin:create stops with one line for a wrong setting', async (t) => {
  const { code, stderr } = await createAdmin(['--email', newEmail(), '--password', password], {
    JWT_SECRET_KEY: 'short',
  });
  t.is(code, 1);
  t.regex(stderr, /^[^\n]*\bJWT_SECRET_KEY\b[^\n]*\n$/);
});
