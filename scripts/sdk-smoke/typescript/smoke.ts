import assert from 'node:assert/strict';
import { createTripodClient, dataOf, isProblem } from 'tripod-client';

// What an app does with the client: sign in, create, list, change, meet errors, refresh and sign out.
const {
  TRIPOD_URL: baseUrl = '',
  TRIPOD_EMAIL: email = '',
  TRIPOD_PASSWORD: password = '',
  TRIPOD_NAME: name = '',
  TRIPOD_CODE: code = '',
} = process.env;
const tripod = createTripodClient({ baseUrl });

const { tokens } = await dataOf(tripod.logIn({ email, password }));
assert.equal((await dataOf(tripod.GET('/api/auth/me'))).email, email);

const language = await dataOf(tripod.POST('/api/languages', { body: { name, code } }));
const project = await dataOf(
  tripod.POST('/api/projects', {
    body: { name, language_id: language.id, description: name, latitude: -10.5, longitude: 20.25 },
  }),
);
assert.equal(project.latitude, -10.5);

// What is left out keeps its value, and what is null is cleared.
const changed = await dataOf(
  tripod.PATCH('/api/projects/{project_id}', {
    params: { path: { project_id: project.id } },
    body: { latitude: null, longitude: null },
  }),
);
assert.deepEqual([changed.description, changed.latitude], [name, null]);
const ids: string[] = [];
const query = { language_id: language.id, limit: 1 };
for await (const page of tripod.pages('/api/projects', { params: { query } }))
  ids.push(...page.map(({ id }) => id));
assert.deepEqual(ids, [project.id]);

const mine = tripod.GET('/api/access-requests/mine', { params: { query: { app_key: 'tripod-studio' } } });
assert.equal(await dataOf(mine), null);
const { error } = await tripod.POST('/api/languages', { body: { name, code } });
assert(isProblem(error) && error.code === 'LANGUAGE_CODE_TAKEN');

const { refresh_token } = tokens;
const next = await dataOf(tripod.POST('/api/auth/refresh', { body: { refresh_token } }));
assert.notEqual(next.refresh_token, refresh_token);
const path = { language_id: language.id };
const read = await dataOf(tripod.GET('/api/languages/{language_id}', { params: { path } }));
assert.deepEqual(read, language);

await tripod.logOut();
const afterwards = await tripod.GET('/api/auth/me');
assert.equal(afterwards.error?.code, 'UNAUTHORIZED');
