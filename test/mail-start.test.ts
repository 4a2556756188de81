import test from 'ava';
import { createClient } from './helpers/client.ts';
import { createEmptyDatabase, type TestDatabase } from './helpers/databases.ts';
import { startMailServer } from './helpers/mail-server.ts';
import { newPassword, tokenIn } from './helpers/password-resets.ts';
import { password } from './helpers/people.ts';
import { startServerProcess } from './helpers/server-process.ts';
import { until } from './helpers/until.ts';

const email = 'facilitator@example.org';
const production = { NODE_ENV: 'production', JWT_SECRET_KEY: 'only for this test, but of a decent length' };

async function withDatabase(use: (database: TestDatabase) => Promise<void>): Promise<void> {
  const database = await createEmptyDatabase();
  try {
    await use(database);
  } finally {
    await database.drop();
  }
}

test.serial('A link that was asked for before kill -9 comes after the next start, and works', async (t) => {
  const mailServer = await startMailServer();
  t.teardown(mailServer.stop);
  await withDatabase(async ({ url: DATABASE_URL }) => {
    const environment = {
      ...production,
      DATABASE_URL,
      SMTP_URL: mailServer.url,
      MAIL_FROM: 'Tripod <no-reply@example.org>',
      PASSWORD_RESET_URL: 'https://console.example.org/new-password',
    };
    const first = await startServerProcess(environment);
    await createClient(first.url).call('signUp', 201, { body: { email, password } });
    mailServer.answerWith(450);
    await createClient(first.url).call('requestPasswordReset', 202, { body: { email } });
    await until('a first try has failed', () => first.output().includes('will be tried again'));
    await first.stop('SIGKILL');

    mailServer.answerWith(250);
    const second = await startServerProcess(environment);
    await until('a mail has come', () => mailServer.mails.length > 0);
    const [mail] = mailServer.mails;
    t.deepEqual(mail?.from?.value, [{ name: 'Tripod', address: 'no-reply@example.org' }]);
    t.regex(mail?.text ?? '', /^https:\/\/console\.example\.org\/new-password\?token=/m);
    const token = tokenIn(mail);
    await createClient(second.url).call('resetPassword', 204, { body: { token, password: newPassword } });
    await createClient(second.url).call('logIn', 200, { body: { email, password: newPassword } });
    t.is(await second.stop('SIGTERM'), 0);
    for (const secret of [email, token]) t.false(`${first.output()}${second.output()}`.includes(secret));
  });
});

test.serial('Production goes on without SMTP_URL, and says with each mail that it is missing', async (t) => {
  await withDatabase(async ({ url: DATABASE_URL }) => {
    const server = await startServerProcess({ ...production, DATABASE_URL });
    const client = createClient(server.url);
    await client.call('signUp', 201, { body: { email, password } });
    await client.call('requestPasswordReset', 202, { body: { email } });
    await until('SMTP_URL is asked for', () => server.output().includes('SMTP_URL'));
    t.regex(server.output(), /"severity":"ERROR".*SMTP_URL is missing/);
    t.is(await server.stop('SIGTERM'), 0);
    t.notRegex(server.output(), /token=|facilitator@/);
  });
});

test.serial('Development prints the mail without SMTP_URL, with a link that works', async (t) => {
  await withDatabase(async ({ url: DATABASE_URL }) => {
    const { JWT_SECRET_KEY } = production;
    const server = await startServerProcess({ JWT_SECRET_KEY, DATABASE_URL, LOG_LEVEL: 'info' });
    const client = createClient(server.url);
    await client.call('signUp', 201, { body: { email, password } });
    await client.call('requestPasswordReset', 202, { body: { email } });
    await until('the link is shown', () => server.output().includes('token='));
    const token =
      /http:\/\/localhost:5173\/reset-password\?token=([\w-]{43})/.exec(server.output())?.[1] ?? '';
    await client.call('resetPassword', 204, { body: { token, password: newPassword } });
    t.is(await server.stop('SIGTERM'), 0);
  });
});
