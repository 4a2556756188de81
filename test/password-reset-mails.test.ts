import { randomUUID } from 'node:crypto';
import test from 'ava';
import { addApp, deactivateApp } from './helpers/apps.ts';
import { password, platformAdmin, signUp } from './helpers/people.ts';
import {
  linkIn,
  mailsTo,
  newPassword,
  newToken,
  ownMailing,
  startMailing,
  tokenIn,
  waitingMails,
} from './helpers/password-resets.ts';

const { service, server, stop } = await startMailing();
test.after.always(stop);

const askFor = (email: string, more: { app_key?: string } = {}) =>
  service.call('requestPasswordReset', 202, { body: { email, ...more } });

test('The mail with the link is plain, short, and says what it is about', async (t) => {
  const person = await signUp(service);
  await service.call('updateMe', 200, { as: person, body: { display_name: 'Win at https://example.com' } });
  await askFor(person.email);
  const [mail, ...others] = await mailsTo(service, server, person);
  t.deepEqual(others, []);
  t.like(mail, { subject: 'Set a new password', html: false, attachments: [], recipients: [person.email] });
  t.deepEqual(mail?.from?.value, [{ name: 'Tripod', address: 'tripod@example.org' }]);
  t.is(mail?.headers.get('auto-submitted'), 'auto-generated');
  const link = linkIn(mail);
  t.is(link.origin + link.pathname, 'https://console.example.org/reset-password');
  t.deepEqual([...link.searchParams.keys()], ['token']);
  t.is(
    mail?.text,
    `Somebody, hopefully you, asked to set a new password for your Tripod account.

Open this link to choose one:

${link.href}

It is good for 60 minutes, and for one time.

If it was not you, please ignore this mail: nothing has changed, and your password stays as it is.
`,
  );
});

test('The mail names the app that the request names, and the link leads on to it', async (t) => {
  const app = await addApp(service, await platformAdmin(service), { name: 'Story Library' });
  const person = await signUp(service);
  await askFor(person.email, { app_key: app.app_key });
  const [mail] = await mailsTo(service, server, person);
  t.regex(mail?.text ?? '', /asked to set a new password for your Tripod account, to use Story Library\.\n/);
  t.is(linkIn(mail).searchParams.get('app_key'), app.app_key);
  await service.call('resetPassword', 204, { body: { token: tokenIn(mail), password: newPassword } });
});

test('The mail leaves out an app that is unknown or inactive', async (t) => {
  const { app_key } = await addApp(service, await platformAdmin(service), { name: 'Story Library' });
  await deactivateApp(service, app_key);
  for (const each of [app_key, 'no-such-app']) {
    const person = await signUp(service);
    await askFor(person.email, { app_key: each });
    const [mail] = await mailsTo(service, server, person);
    t.regex(mail?.text ?? '', /for your Tripod account\.\n/);
    t.deepEqual([...linkIn(mail).searchParams.keys()], ['token']);
  }
});

test('The name of an app adds no lines to the mail', async (t) => {
  const name = 'Library\r\n\r\nhttps://example.com/\u2028\u202egood bye';
  const app = await addApp(service, await platformAdmin(service), { name });
  const person = await signUp(service);
  await askFor(person.email, { app_key: app.app_key });
  const [mail] = await mailsTo(service, server, person);
  t.regex(mail?.text ?? '', /account, to use Library https:\/\/example\.com\/ good bye\.\n/);
  t.is(linkIn(mail).host, 'console.example.org');
});

test('The link leads to the configured page, whatever the request says of hosts', async (t) => {
  const passwordResetUrl = 'https://console.example.org/account?view=new-password#form';
  const { service: own, server } = await ownMailing(t, { mail: { passwordResetUrl } });
  const person = await signUp(own);
  const elsewhere = 'attacker.example.com';
  await own.call('requestPasswordReset', 202, {
    headers: {
      'X-Forwarded-Host': elsewhere,
      Forwarded: `host=${elsewhere}`,
      Origin: `https://${elsewhere}`,
      Referer: `https://${elsewhere}/`,
    },
    body: { email: person.email },
  });
  const [mail] = await mailsTo(own, server, person);
  t.regex(
    linkIn(mail).href,
    /^https:\/\/console\.example\.org\/account\?view=new-password&token=[\w-]{43}#form$/,
  );
  t.false(mail?.text?.includes(elsewhere));
});

test('POST /api/auth/forgot-password finds the account in any letter case', async (t) => {
  const email = `Story.Teller-${randomUUID()}@Example.org`;
  const person = await signUp(service, { email });
  await askFor(email.toUpperCase());
  const [mail] = await mailsTo(service, server, person);
  t.deepEqual(mail?.recipients, [email.toLowerCase()]);
  await service.call('resetPassword', 204, { body: { token: tokenIn(mail), password: newPassword } });
});

test('POST /api/auth/forgot-password answers 202 for an unknown e-mail, and no mail is ever sent', async (t) => {
  const { service: own, server } = await ownMailing(t);
  await own.call('requestPasswordReset', 202, { body: { email: 'nobody@example.org' } });
  t.is(await waitingMails(own), 1);
  await own.context.outbox.deliver();
  t.is(await waitingMails(own), 0);
  // Who signs up later has no link waiting for them.
  const person = await signUp(own, { email: 'nobody@example.org' });
  own.passMinutes(30);
  t.deepEqual(await mailsTo(own, server, person), []);
});

test('POST /api/auth/forgot-password answers 202 for an inactive account, and no mail is sent', async (t) => {
  const person = await signUp(service);
  await service.context.database('users').where({ id: person.id }).update({ is_active: false });
  await askFor(person.email);
  t.deepEqual(await mailsTo(service, server, person), []);
});

test('POST /api/auth/forgot-password answers a known and an unknown e-mail alike', async (t) => {
  const { email } = await signUp(service);
  const [known, unknown] = await Promise.all(
    [email, `${randomUUID()}@example.org`].map(async (each, index) => {
      // Of one address, the second would have less left of its limit.
      const headers = { 'X-Request-Id': 'one-and-the-same', 'X-Forwarded-For': `192.0.2.${index}` };
      const answer = await service.call('requestPasswordReset', 202, { headers, body: { email: each } });
      const shown = [...answer.headers].filter(([name]) => name !== 'date');
      return { status: answer.status, body: answer.body, shown };
    }),
  );
  t.deepEqual(known, unknown);
  t.falsy(known?.body);
});

test('However often somebody asks, an account gets five links in an hour at most', async (t) => {
  const { service: own, server } = await ownMailing(t);
  const person = await signUp(own);
  for (const status of [202, 202, 202, 202, 202, 429, 429] as const)
    await own.call('requestPasswordReset', status, { body: { email: person.email } });
  const mails = await mailsTo(own, server, person);
  t.is(mails.length, 5);
  t.is(await waitingMails(own), 0);
  own.passMinutes(60);
  const token = await newToken(own, server, person);
  t.false(mails.map(tokenIn).includes(token));
  await own.call('resetPassword', 204, { body: { token, password: newPassword } });
});

for (const [title, change] of [
  [
    'changed',
    async (person) => {
      await service.call('changePassword', 204, {
        as: person,
        body: { current_password: password, new_password: newPassword },
      });
    },
  ],
  [
    'set anew',
    async (person) => {
      const token = await newToken(service, server, person);
      await service.call('resetPassword', 204, { body: { token, password: newPassword } });
    },
  ],
] as const satisfies [string, (person: Awaited<ReturnType<typeof signUp>>) => Promise<void>][]) {
  test(`Whose password is ${title} is told by mail, without a link`, async (t) => {
    const person = await signUp(service);
    await change(person);
    const mails = await mailsTo(service, server, person);
    const mail = mails.at(-1);
    t.is(mail?.subject, 'Your password was changed');
    t.regex(mail?.text ?? '', /was changed on \d{4}-\d\d-\d\d at \d\d:\d\d UTC\./);
    t.notRegex(mail?.text ?? '', /https?:/);
    t.is(mails.filter(({ subject }) => subject === mail?.subject).length, 1);
  });
}

test('A change that does not happen is not told', async (t) => {
  const person = await signUp(service);
  await service.call('changePassword', 403, {
    as: person,
    body: { current_password: 'not this one', new_password: newPassword },
  });
  await service.call('resetPassword', 400, { body: { token: 'unknown', password: newPassword } });
  t.deepEqual(await mailsTo(service, server, person), []);
});
