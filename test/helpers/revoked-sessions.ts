import { anotherSession } from './accounts.ts';
import type { Client } from './client.ts';
import { password, type Person } from './people.ts';
import { get, type Arrange, type Revocation } from './revocations.ts';
import type { TestService } from './service.ts';

/** All ways in which a session ends. */
export function revokedSessions(service: TestService, admin: Person): Record<string, Arrange> {
  return {
    'signed out': (person) => {
      const body = { refresh_token: person.refresh_token };
      return session(person, (on) => on.call('logOut', 204, { body }));
    },

    'signed out everywhere': async (person) => {
      const elsewhere = await anotherSession(service, person);
      return session(elsewhere, (on) => on.call('logOutEverywhere', 204, { as: person }));
    },

    'session ended from another': async (person, on) => {
      const elsewhere = await anotherSession(service, person);
      const { body } = await on.call('listSessions', 200, { as: elsewhere });
      const path = { session_id: body.find(({ current }) => current)?.id ?? '' };
      return session(elsewhere, (on) => on.call('endSession', 204, { as: person, path }));
    },

    'used refresh token sent again': async (person, on) => {
      const third = await refresh(on, await refresh(on, person));
      const body = { refresh_token: person.refresh_token };
      return session(third, (on) => on.call('refreshTokens', 401, { body }));
    },

    'password changed': async (person) => {
      const elsewhere = await anotherSession(service, person);
      const body = { current_password: password, new_password: `${password}, not even now` };
      return session(elsewhere, (on) => on.call('changePassword', 204, { as: person, body }));
    },

    'user deactivated': (person) => {
      const request = { as: admin, path: { user_id: person.id }, body: { is_active: false } };
      return session(person, (on) => on.call('updateUser', 200, request));
    },

    'account deleted by its owner': (person) =>
      session(person, (on) => on.call('deleteMe', 204, { as: person })),

    'account deleted by an admin': (person) => {
      const request = { as: admin, path: { user_id: person.id } };
      return session(person, (on) => on.call('deleteUser', 204, request));
    },
  };
}

function session(of: Person, revoke: Revocation['revoke']): Revocation {
  const body = JSON.stringify({ refresh_token: of.refresh_token });
  return {
    uses: [get('/api/auth/me', of), { method: 'POST', path: '/api/auth/refresh', body }],
    refused: 401,
    revoke,
  };
}

async function refresh(on: Client, person: Person): Promise<Person> {
  const { body } = await on.call('refreshTokens', 200, { body: { refresh_token: person.refresh_token } });
  return { ...person, ...body };
}
