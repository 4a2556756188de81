import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { eventsAbout } from './helpers/audit.ts';
import { collectLog, type LogEntry } from './helpers/collect-log.ts';
import { startTalkativeServer } from './helpers/mail-server.ts';
import {
  byServer,
  mailsTo,
  newPassword,
  newToken,
  ownMailing,
  tokenIn,
  waitingMails,
} from './helpers/password-resets.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { startService, type TestService } from './helpers/service.ts';
import { until } from './helpers/until.ts';

// One after the other: each has a database, and a clock, of its own.
async function askFor(service: TestService, { email }: { email: string }): Promise<void> {
  await service.call('requestPasswordReset', 202, { body: { email } });
}

const aboutMails = (entries: readonly LogEntry[]) => entries.filter(({ mail_id }) => mail_id !== undefined);

test.serial('A mail is sent by itself soon after it was asked for', async (t) => {
  const { service, server } = await ownMailing(t, { mail: { longestDelay: 2_000 } });
  const person = await signUp(service);
  await askFor(service, person);
  await until('a mail has come', () => server.mails.length > 0);
  t.deepEqual(server.mails[0]?.recipients, [person.email]);
});

test.serial('A mail that was refused is tried again by itself', async (t) => {
  const { service, server } = await ownMailing(t, { mail: { longestDelay: 0 } });
  const person = await signUp(service);
  server.answerWith(450);
  await askFor(service, person);
  await service.context.outbox.deliver();
  t.is(await waitingMails(service), 1);
  server.answerWith(250);
  await until('a mail has come', () => server.mails.length > 0);
  const token = tokenIn(server.mails[0]);
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
});

for (const [title, trouble, reason] of [
  ['refuses for now', 450, { response_code: 450, command: 'RCPT TO' }],
  ['refuses for good', 550, { response_code: 550, command: 'RCPT TO' }],
  ['says nothing', 'silence', { code: 'ETIMEDOUT' }],
  ['is away', 'away', { code: 'ESOCKET' }],
] as const) {
  test.serial(
    `A mail server that ${title} keeps nobody waiting, is logged without secrets, and gets the mail later`,
    async (t) => {
      const { logTo, log, entries } = collectLog();
      const { service, server } = await ownMailing(t, { logTo, mail: { timeout: 500 } });
      const person = await signUp(service);
      if (trouble === 'away') await server.stop();
      else server.answerWith(trouble);
      await askFor(service, person);
      t.is(await waitingMails(service), 1);
      t.deepEqual(await mailsTo(service, server, person), []);
      t.like(aboutMails(entries())[0], {
        severity: 'WARNING',
        kind: 'password_reset',
        attempts: 1,
        ...reason,
      });

      if (trouble === 'away') await server.start();
      server.answerWith(250);
      // Not before its time.
      t.deepEqual(await mailsTo(service, server, person), []);
      service.passMinutes(1);
      const mails = await mailsTo(service, server, person);
      t.is(mails.length, 1);
      t.is(await waitingMails(service), 0);
      const token = tokenIn(mails[0]);
      await service.call('resetPassword', 204, { body: { token, password: newPassword } });
      for (const secret of [token, person.email, newPassword]) t.false(log().includes(secret));
    },
  );
}

test.serial('A mail server that never comes to an end is left in time', async (t) => {
  const url = await startTalkativeServer(t);
  const { logTo, entries } = collectLog();
  const service = await startService({ logTo, mail: { ...byServer(url), timeout: 500 } });
  t.teardown(() => service.stop());
  await askFor(service, await signUp(service));
  await service.context.outbox.deliver();
  t.is(await waitingMails(service), 1);
  t.is(aboutMails(entries()).length, 1);
});

test.serial('A mail that nobody takes for an hour is given up, with an error in the log', async (t) => {
  const { logTo, log, entries } = collectLog();
  const { service, server } = await ownMailing(t, { logTo });
  await server.stop();
  const person = await signUp(service);
  await askFor(service, person);
  for (let minute = 0; minute < 60; minute += 1) {
    await service.context.outbox.deliver();
    service.passMinutes(1);
  }
  const attempts = aboutMails(entries());
  t.is(await waitingMails(service), 0);
  t.true(attempts.length >= 8 && attempts.length <= 10, String(attempts.length));
  t.deepEqual(
    attempts.map(({ severity }) => severity),
    [...attempts.slice(1).map(() => 'WARNING'), 'ERROR'],
  );
  t.false(log().includes(person.email));
});

test.serial('A mail that is found an hour late is not sent', async (t) => {
  const { logTo, entries } = collectLog();
  const { service, server } = await ownMailing(t, { logTo });
  const person = await signUp(service);
  await askFor(service, person);
  service.passMinutes(60);
  t.deepEqual(await mailsTo(service, server, person), []);
  t.is(await waitingMails(service), 0);
  t.like(aboutMails(entries())[0], { severity: 'ERROR' });
});

test.serial('Each attempt makes a link of its own, and only the last is good', async (t) => {
  const { service, server } = await ownMailing(t);
  const person = await signUp(service);
  await askFor(service, person);
  server.answerWith(450);
  await service.context.outbox.deliver();
  const first = await service.context.database('password_resets');
  server.answerWith(250);
  service.passMinutes(1);
  t.is((await mailsTo(service, server, person)).length, 1);
  const second = await service.context.database('password_resets');
  t.is(first.length, 1);
  t.is(second.length, 1);
  t.notDeepEqual(first, second);
  t.is((await eventsAbout(service, await platformAdmin(service), person)).length, 2);
});

test.serial('Instances that look for mails at once send each of them once', async (t) => {
  const { service, server } = await ownMailing(t);
  const settings = { databaseUrl: service.databaseUrl, mail: byServer(server.url) };
  const others = await Promise.all(Array.from({ length: 5 }, () => startService(settings)));
  t.teardown(() => Promise.all(others.map((other) => other.stop())));
  const instances = [service, ...others];
  const people = await Promise.all(Array.from({ length: 12 }, () => signUp(service)));
  for (let round = 1; round <= 3; round += 1) {
    await Promise.all(instances.map(({ context }) => context.database.raw('select 1')));
    await Promise.all(people.map((person) => askFor(service, person)));
    await Promise.all(instances.map(({ context }) => context.outbox.deliver()));
    for (const { email } of people)
      t.is(server.mails.filter(({ recipients }) => recipients.includes(email)).length, round);
  }
});

test.serial('An instance sends what another one has left behind, at its start or later', async (t) => {
  const { service, server } = await ownMailing(t);
  const [waiting, begun] = [await signUp(service), await signUp(service)];
  await askFor(service, begun);
  // As if the instance had ended while it was sending this one.
  const leased = new Date(Date.now() + 2 * 60_000).toISOString();
  await service.context.database('mails').update({ attempts: 1, next_attempt_at: leased });
  await askFor(service, waiting);
  const next = await startService({
    databaseUrl: service.databaseUrl,
    mail: { ...byServer(server.url), longestDelay: 0 },
  });
  t.teardown(() => next.stop());
  next.context.outbox.wake();
  await until('a mail has come', () => server.mails.length > 0);
  t.deepEqual(
    server.mails.map(({ recipients }) => recipients),
    [[waiting.email]],
  );
  next.passMinutes(3);
  t.is((await mailsTo(next, server, begun)).length, 1);
});

test.serial(
  'An outbox that is stopped waits for the mail under way, not without end, and begins no other',
  async (t) => {
    const { service, server } = await ownMailing(t, { mail: { timeout: 500 } });
    server.answerWith('silence');
    for (const person of [await signUp(service), await signUp(service)]) await askFor(service, person);
    const delivering = service.context.outbox.deliver();
    await until('the mail server is asked', () => server.connections() > 0);
    await service.context.outbox.stop();
    await delivering;
    server.answerWith(250);
    service.passMinutes(1);
    await service.context.outbox.deliver();
    t.is(server.connections(), 1);
    t.is(await waitingMails(service), 2);
  },
);

test.serial('Mails wait while the database is not as it should be', async (t) => {
  const { logTo, log } = collectLog();
  const { service, server } = await ownMailing(t, { logTo });
  const person = await signUp(service);
  await askFor(service, person);
  const { database, outbox } = service.context;
  await database.raw('alter table mails rename to elsewhere');
  await outbox.deliver();
  t.regex(log(), /mails have to wait/);
  await database.raw('alter table elsewhere rename to mails');
  t.is((await mailsTo(service, server, person)).length, 1);
});

test.serial('Nothing is planned while nothing is to be sent', async (t) => {
  const { service, server } = await ownMailing(t);
  await newToken(service, server, await signUp(service));
  let queries = 0;
  service.context.database.on('query', () => {
    queries += 1;
  });
  await pause(3_000);
  t.is(queries, 0);
});

test.serial('Without a mail server, production logs no more than that', async (t) => {
  const { logTo, log, entries } = collectLog();
  const service = await startService({
    logTo,
    mail: { smtpUrl: undefined, logged: false, longestDelay: 3_600_000 },
  });
  t.teardown(() => service.stop());
  const person = await signUp(service);
  await askFor(service, { email: 'nobody@example.org' });
  await service.context.outbox.deliver();
  t.deepEqual(aboutMails(entries()), []);
  await askFor(service, person);
  await service.context.outbox.deliver();
  const [line, ...others] = aboutMails(entries());
  t.deepEqual(others, []);
  t.is(line?.['severity'], 'ERROR');
  t.regex(String(line?.['message']), /SMTP_URL is missing/);
  for (const secret of [person.email, 'token=', 'https:']) t.false(log().includes(secret), secret);
});

test.serial('Without a mail server, the log of development has the mail', async (t) => {
  const { logTo, log } = collectLog();
  const service = await startService({ logTo });
  t.teardown(() => service.stop());
  await askFor(service, await signUp(service));
  await service.context.outbox.deliver();
  const token = /reset-password\?token=([\w-]{43})/.exec(log())?.[1] ?? '';
  await service.call('resetPassword', 204, { body: { token, password: newPassword } });
  t.pass();
});

test.serial('The service signs in at the mail server with what SMTP_URL says', async (t) => {
  const secret = 'a/b@c:d?e#f%g';
  const { logTo, log } = collectLog();
  const { service, server } = await ownMailing(t, {
    logTo,
    mailServer: {
      authOptional: false,
      allowInsecureAuth: true,
      credentials: `mailer%40example.org:${encodeURIComponent(secret)}@`,
      onAuth: ({ username, password }, _session, done) => {
        if (password === secret) done(null, { user: username });
        else done(new Error('no'));
      },
    },
  });
  const person = await signUp(service);
  await askFor(service, person);
  const [mail] = await mailsTo(service, server, person);
  t.is(mail?.user, 'mailer@example.org');
  for (const each of [secret, encodeURIComponent(secret)]) t.false(log().includes(each));
});

test.serial('A mail server whose certificate nobody vouches for gets no mail', async (t) => {
  const { logTo, entries } = collectLog();
  const { service, server } = await ownMailing(t, { logTo, mailServer: { secure: true } });
  const person = await signUp(service);
  await askFor(service, person);
  t.deepEqual(await mailsTo(service, server, person), []);
  t.like(aboutMails(entries())[0], { severity: 'WARNING', code: 'ESOCKET' });
  // It is for the operator to say so.
  const trusting = await startService({
    databaseUrl: service.databaseUrl,
    mail: byServer(`${server.url}?tls.rejectUnauthorized=false`),
  });
  t.teardown(() => trusting.stop());
  trusting.passMinutes(1);
  t.is((await mailsTo(trusting, server, person)).length, 1);
});

test.serial('A mail server without STARTTLS gets no mail where encryption is required', async (t) => {
  const { logTo, entries } = collectLog();
  const { service, server } = await ownMailing(t, { logTo, mail: { requireTls: true } });
  const person = await signUp(service);
  await askFor(service, person);
  t.deepEqual(await mailsTo(service, server, person), []);
  t.like(aboutMails(entries())[0], { severity: 'WARNING', command: 'STARTTLS' });
});
