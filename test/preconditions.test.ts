import test from 'ava';
import type { Answer, RawRequest } from './helpers/client.ts';
import { operations, type Operation } from './helpers/contract.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { createSamples, type Ids } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const samples = await createSamples(service);
test.after.always(() => service.stop());

const unknownId = '01981f60-0000-7000-8000-000000000000';
const guarded = [...operations.values()].filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'If-Match'),
);

for (const operation of guarded) {
  const title = `${operation.method} ${operation.path}`;
  const success = operation.method === 'PATCH' ? 200 : 204;

  test(`${title} answers 412 for a tag that is not the present one, and changes nothing`, async (t) => {
    const request = await samples.freshRequest(operation);
    const before = await look(operation, request);
    const tag = tagOf(before);
    for (const stale of [
      '"stale"',
      `W/${tag}`,
      `"stale", W/${tag}`,
      tag.slice(1, -1),
      `"x, ${tag.slice(1)}`,
    ]) {
      const { status, body } = await send(request, stale);
      t.is(status, 412, stale);
      t.like(body, { code: 'PRECONDITION_FAILED' });
    }
    const after = await look(operation, request);
    t.deepEqual(after.body, before.body);
    t.is(tagOf(after), tag);
  });

  for (const [what, listed] of [
    ['the present tag', (tag: string) => tag],
    ['a list with the present tag', (tag: string) => `"stale",W/"weak" , "with, comma", ${tag}`],
    ['*', () => '*'],
  ] as const) {
    test(`${title} answers ${success} for ${what}`, async (t) => {
      const request = await samples.freshRequest(operation);
      const tag = tagOf(await look(operation, request));
      const { status, body } = await send(request, listed(tag));
      t.is(status, success, JSON.stringify(body));
    });
  }

  test(`${title} answers ${success} without If-Match`, async (t) => {
    const { status, body } = await service.send(await samples.freshRequest(operation));
    t.is(status, success, JSON.stringify(body));
  });

  if (operation.path.includes('{')) {
    test(`${title} answers 404 for what does not exist, whatever tag it is to have`, async (t) => {
      const sample = await samples.addSample();
      const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, unknownId] as const);
      const request = samples.request(operation, {
        ...sample,
        ids: { ...sample.ids, ...(Object.fromEntries(names) as Ids) },
      });
      for (const tag of ['"stale"', '*']) t.is((await send(request, tag)).status, 404);
    });
  }

  if (operation.method === 'PATCH') {
    test(`of 20 times ${title} at once with the same valid tag exactly one succeeds`, async (t) => {
      const request = await samples.freshRequest(operation);
      const tag = tagOf(await look(operation, request));
      const answers = await twentyAtOnce(() => send(request, tag));
      t.deepEqual(
        answers.map(({ status }) => status),
        oneWinner(200, 412),
      );
      const won = answers.filter(({ status }) => status === 200);
      t.deepEqual(won.map(tagOf), [tagOf(await look(operation, request))]);
    });
  } else {
    test(`of 20 times ${title} at once with the same valid tag exactly one succeeds`, async (t) => {
      const request = await samples.freshRequest(operation);
      const tag = tagOf(await look(operation, request));
      const statuses = (await twentyAtOnce(() => send(request, tag))).map(({ status }) => status);
      // A deleted account is nobody's any more.
      const gone = operation.path.includes('{') ? 404 : 401;
      t.deepEqual(statuses, oneWinner(204, gone));
    });
  }
}

test('one’s own change and an admin’s at once are not both let through with tags from before', async (t) => {
  for (let round = 0; round < 20; round += 1) {
    const { ids, user } = await samples.addSample();
    const path = { user_id: ids['user_id'] ?? '' };
    const [own, theirs] = [
      await service.call('getMe', 200, { as: user }),
      await service.call('getUser', 200, { as: samples.admin, path }),
    ];
    const requests = [
      () =>
        service.send({
          method: 'PATCH',
          path: '/api/auth/me',
          as: user,
          headers: { 'If-Match': tagOf(own) },
          body: '{"display_name":"Mine"}',
        }),
      () =>
        service.send({
          method: 'PATCH',
          path: `/api/users/${path.user_id}`,
          as: samples.admin,
          headers: { 'If-Match': tagOf(theirs) },
          body: '{"display_name":"Theirs"}',
        }),
    ];
    const inOrder = round % 2 === 0 ? requests : requests.reverse();
    const answers = await Promise.all(inOrder.map((send) => send()));
    t.deepEqual(answers.map(({ status }) => status).sort(), [200, 412]);
    const winner = answers.find(({ status }) => status === 200);
    const { body } = await service.call('getMe', 200, { as: user });
    t.is(body.display_name, (winner?.body as { display_name: string }).display_name);
  }
});

test('a tag that an admin saw is stale once the user has changed their name', async (t) => {
  const { ids, user } = await samples.addSample();
  const path = { user_id: ids['user_id'] ?? '' };
  const tag = tagOf(await service.call('getUser', 200, { as: samples.admin, path }));
  await service.call('updateMe', 200, { as: user, body: { display_name: 'Another' } });
  await service.call('updateUser', 412, {
    as: samples.admin,
    path,
    headers: { 'If-Match': tag },
    body: { is_active: false },
  });
  t.true((await service.call('getMe', 200, { as: user })).body.is_active);
});

function send(request: RawRequest, tag: string) {
  return service.send({ ...request, headers: { 'If-Match': tag } });
}

/** What the path names, or what it is a part of. */
async function look({ path }: Operation, request: RawRequest): Promise<Answer<unknown>> {
  const shown = [path, path.slice(0, path.lastIndexOf('/'))].findIndex((at) =>
    [...operations.values()].some((operation) => operation.method === 'GET' && operation.path === at),
  );
  const at = shown === 0 ? request.path : request.path.slice(0, request.path.lastIndexOf('/'));
  const answer = await service.send({ method: 'GET', path: at, as: request.as });
  if (answer.status !== 200) throw new Error(`GET ${at} answered ${answer.status}`);
  return answer;
}

function tagOf({ headers }: Pick<Answer<unknown>, 'headers'>): string {
  return headers.get('ETag') ?? '';
}
