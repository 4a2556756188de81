import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import pLimit from 'p-limit';
import type { Schema } from '../../src/core/schema.ts';
import { User } from '../../src/models/user.ts';
import { startSession } from '../../src/services/auth/start-session.ts';
import { operationAt, operations, type Operation } from '../helpers/contract.ts';
import { oddRequest } from '../helpers/odd-inputs.ts';
import type { Known } from '../helpers/odd-values.ts';
import { platformAdmin, signUp, type Person } from '../helpers/people.ts';
import { sendOdd, type OddRequest } from '../helpers/raw-http.ts';
import { startService } from '../helpers/service.ts';
import { trials } from '../helpers/trials.ts';

const service = await startService();
const [owner, stranger, target] = await Promise.all([
  platformAdmin(service),
  signUp(service),
  signUp(service),
]);
const known = await existingThings();
test.after.always(() => service.stop());

/** Enough of everything for valid requests to find something, and to meet the same thing twice. */
async function existingThings(): Promise<Known> {
  const as = owner;
  const make = async <Thing>(names: readonly string[], one: (name: string) => Promise<{ body: Thing }>) =>
    Promise.all(names.map(async (name) => (await one(name)).body));
  const languages = await make(['qaa', 'qab', 'qac'], (code) =>
    service.call('createLanguage', 201, { as, body: { name: code, code } }),
  );
  const organizations = await make(['one', 'two', 'three'], (slug) =>
    service.call('createOrganization', 201, { as, body: { name: slug, slug } }),
  );
  const language_id = languages[0]?.id ?? '';
  const projects = await make(['p1', 'p2', 'p3'], (name) =>
    service.call('createProject', 201, { as, body: { name, language_id } }),
  );
  const phases = await make(['a', 'b', 'c', 'd', 'e', 'f'], (name) =>
    service.call('createPhase', 201, { as, body: { name } }),
  );
  const ids = (things: readonly { id: string }[]) => things.map(({ id }) => id);
  return {
    language_id: ids(languages),
    code: ['qaa', 'QAB', 'da', 'dan', 'swh'],
    organization_id: ids(organizations),
    slug: ['one', 'Two', 'three'],
    project_id: ids(projects),
    phase_id: ids(phases),
    depends_on_id: ids(phases),
    user_id: ids([owner, target]),
    manager_id: ids([target]),
    target_user_id: ids([target]),
    app_key: ['avita', 'oral-bridge'],
    role_key: ['admin', 'viewer'],
    email: [target.email, 'nobody@example.org'],
    refresh_token: [target.refresh_token, stranger.access_token],
  };
}

/** Not over HTTP: by the odd requests to sign up, as many have signed up from here as may. */
async function newAdmin(): Promise<Person> {
  const admin = { ...owner, id: randomUUID() };
  await signInAgain(admin);
  return admin;
}

/** As after signing in again, or up where the account is gone, without the time that a password takes. */
async function signInAgain(admin: Person): Promise<void> {
  const users = User.query(service.context.database);
  const account =
    (await users.clone().findById(admin.id)) ??
    (await users.clone().insert({
      email: `${randomUUID()}@example.org`,
      password_hash: 'none',
      is_platform_admin: true,
    }));
  Object.assign(admin, { id: account.id }, await startSession(service.context, account.id));
}

function checkProblem(body: unknown, text: string): void {
  const { errors = [], detail, code } = body as Schema<'Problem'>;
  assert(errors.length <= 50 && text.length < 40_000);
  assert(detail.length > 0 && code.length > 0);
}

/** The statuses that are left to who may not call the operation, whatever they send. */
function refusals({ role }: Operation, caller: Caller): readonly number[] | undefined {
  if (role === 'public') return undefined;
  if (caller === 'nobody') return [401];
  return caller === 'stranger' && role !== 'authenticated' ? [401, 403] : undefined;
}

type Caller = 'admin' | 'nobody' | 'stranger';

async function sendAs(caller: Caller, admin: Person, request: OddRequest) {
  if (caller === 'nobody') return sendOdd(service.url, request);
  if (caller === 'stranger') return sendOdd(service.url, { ...request, as: stranger });
  const answer = await sendOdd(service.url, { ...request, as: admin });
  if (answer.status !== 401 || request.headers?.['authorization'] !== undefined) return answer;
  await signInAgain(admin);
  return sendOdd(service.url, { ...request, as: admin });
}

/** One operation's requests follow each other: so many are in flight. */
const lanes = pLimit(8);

/** For each operation; others in each run. */
const requests = trials({ short: 250, full: 1_000 });

for (const operation of operations.values()) {
  test(`${operation.method} ${operation.path} has a declared answer below 500 to ${requests} odd requests`, async () => {
    const admin = await newAdmin();
    const callers = fc.constantFrom<Caller>('admin', 'admin', 'admin', 'admin', 'stranger', 'nobody');
    const property = fc.asyncProperty(oddRequest(operation, known), callers, async (request, caller) => {
      // An answer that the contract does not declare throws here.
      const { status, body, text } = await sendAs(caller, admin, request);
      assert(status < 500, `${status} ${text}`);
      if (status >= 400) checkProblem(body, text);
      const found = operationAt(request.method, request.path);
      if (!found) assert([400, 404, 405].includes(status), `${status} for no operation`);
      const left = found === operation && status !== 404 ? refusals(operation, caller) : undefined;
      if (left) assert(left.includes(status), `${status} for ${caller}`);
    });
    await lanes(() => fc.assert(property, { numRuns: requests, includeErrorInReport: true }));
  });
}
