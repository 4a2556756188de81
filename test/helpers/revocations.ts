import { newPerson } from './accounts.ts';
import type { Client, RawRequest } from './client.ts';
import { platformAdmin, type Person } from './people.ts';
import { revokedRoles } from './revoked-roles.ts';
import { revokedSessions } from './revoked-sessions.ts';
import type { TestService } from './service.ts';

/** Something that somebody may do until it is taken back. */
export interface Revocation {
  /** Each answers 200 before. */
  readonly uses: readonly RawRequest[];
  /** What they answer afterwards. */
  readonly refused: 401 | 403;
  readonly revoke: (on: Client) => Promise<unknown>;
}

/** Gives somebody what is about to be revoked. */
export type Arrange = (person: Person, on: Client) => Revocation | Promise<Revocation>;

/** Every way in which rights end, by its name, each time with somebody else. */
export async function createRevocations(service: TestService) {
  const admin = await platformAdmin(service);
  const ways = { ...revokedSessions(service, admin), ...(await revokedRoles(service, admin)) };
  return Object.entries(ways).map(([name, arrange]) => ({
    name,
    arrange: async (on: Client) => arrange(await newPerson(service), on),
  }));
}

export function get(path: string, as: Person): RawRequest {
  return { method: 'GET', path, as };
}
