import { randomUUID } from 'node:crypto';
import type { RawRequest, Signed } from './client.ts';

const json = { 'content-type': 'application/json' };

/** What people do all day: nine requests in ten read, one makes a project. */
export function usualRequests(as: Signed, languageId: string): (index: number) => RawRequest {
  return (index) => {
    if (index % 10 === 0) {
      const body = JSON.stringify({ name: `Project ${randomUUID()}`, language_id: languageId });
      return { method: 'POST', path: '/api/projects', as, headers: json, body };
    }
    return { method: 'GET', path: index % 2 === 0 ? '/api/auth/me' : '/api/projects?limit=20', as };
  };
}
