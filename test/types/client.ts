import {
  createTripodClient,
  dataOf,
  isProblem,
  localStorageTokens,
  memoryTokens,
  TripodProblem,
  type Language,
  type PageOf,
  type Project,
  type TokenStorage,
} from 'tripod-client';

// What a user of the packed client writes: all of it compiles, but for what the comments expect not to.
const tripod = createTripodClient({ baseUrl: 'http://localhost:8000', storage: localStorageTokens() });
const asyncStorage: TokenStorage = {
  getItem: (_key: string) => Promise.resolve(null),
  setItem: (_key: string, _value: string) => Promise.resolve(),
  removeItem: (_key: string) => Promise.resolve(),
};
createTripodClient({ baseUrl: '', storage: asyncStorage, onSignedOut: () => undefined, deviceId: 'device' });
// @ts-expect-error The service is somewhere.
createTripodClient({ storage: memoryTokens() });

export async function signIn(email: string, password: string): Promise<string> {
  const { data, error } = await tripod.logIn({ email, password });
  if (error) return `${error.code}: ${error.detail}`;
  // @ts-expect-error Users have no age.
  void data.user.age;
  // @ts-expect-error A password is needed.
  await tripod.signUp({ email });
  return data.user.display_name ?? data.user.email;
}

export async function languages(): Promise<Language[]> {
  const { data = [] } = await tripod.GET('/api/languages', { params: { query: { q: 'dan', limit: 10 } } });
  // @ts-expect-error There is no such path.
  await tripod.GET('/api/tongues');
  // @ts-expect-error Languages are not deleted all at once.
  await tripod.DELETE('/api/languages');
  // @ts-expect-error The code is missing.
  await tripod.POST('/api/languages', { body: { name: 'Danish' } });
  // @ts-expect-error The code is a text.
  await tripod.POST('/api/languages', { body: { name: 'Danish', code: 7 } });
  return data;
}

export async function project(project_id: string): Promise<Project> {
  // @ts-expect-error The path has a parameter.
  await tripod.GET('/api/projects/{project_id}');
  const params = { path: { project_id }, header: { 'If-Match': '"seen"' } };
  return dataOf(tripod.PATCH('/api/projects/{project_id}', { params, body: { description: null } }));
}

export async function names(project_id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const page of tripod.pages('/api/projects')) found.push(...page.map(({ name }) => name));
  const params = { path: { project_id }, query: { limit: 5 } };
  for await (const page of tripod.pages('/api/projects/{project_id}/access/users', { params }))
    found.push(...page.map(({ email }) => email));
  // @ts-expect-error The path has a parameter.
  tripod.pages('/api/projects/{project_id}/access/users');
  // @ts-expect-error A search is no list.
  tripod.pages('/api/users/search');
  // @ts-expect-error One project has no pages.
  tripod.pages('/api/projects/{project_id}', { params: { path: { project_id } } });
  return found;
}

export function explain(error: unknown): string {
  if (error instanceof TripodProblem)
    return [error.detail, ...error.errors.map(({ message }) => message)].join('\n');
  return isProblem(error) ? error.code : 'no answer';
}

export const page: PageOf<'/api/phases'> = [];
export const done: Promise<undefined> = dataOf(
  tripod.DELETE('/api/phases/{phase_id}', { params: { path: { phase_id: 'phase' } } }),
);
