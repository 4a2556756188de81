import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '../../test/helpers/server-process.ts';

const account = { email: 'admin@example.org', password: 'four quiet words together' };

export interface SmokeService {
  /** What a program has to know, as its environment; each makes a language and a project of this name. */
  readonly environmentOf: (name: string, code: string) => Record<string, string>;
  /** Lets the program of that name do its work. @throws {Error} unless what it should have done is there afterwards */
  readonly watch: (name: string, work: () => Promise<void>) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The built service with a database and an admin of its own. */
export async function startSmokeService(): Promise<SmokeService> {
  const directory = await mkdtemp(join(tmpdir(), 'sdk-smoke-'));
  const { url, stop } = await startServerProcess({
    DATA_DIR: directory,
    BOOTSTRAP_ADMIN_EMAIL: account.email,
    BOOTSTRAP_ADMIN_PASSWORD: account.password,
  });

  async function ask<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${url}/api${path}`, init);
    if (!response.ok) throw new Error(`${path} is answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }

  async function signIn() {
    const headers = { 'Content-Type': 'application/json' };
    const { tokens } = await ask<{ tokens: { access_token: string } }>('/auth/login', {
      ...{ method: 'POST', headers, body: JSON.stringify(account) },
    });
    return { headers: { Authorization: `Bearer ${tokens.access_token}` } };
  }

  return {
    environmentOf: (name, code) => ({
      TRIPOD_URL: url,
      TRIPOD_EMAIL: account.email,
      TRIPOD_PASSWORD: account.password,
      TRIPOD_NAME: name,
      TRIPOD_CODE: code,
    }),

    watch: async (name, work) => {
      try {
        await work();
        const as = await signIn();
        const languages = await ask<{ name: string }[]>('/languages', as);
        const projects = await ask<{ name: string; latitude: number | null }[]>('/projects', as);
        const sessions = await ask<{ current: boolean }[]>('/auth/sessions', as);
        const expected = {
          'its language': languages.some((each) => each.name === name),
          'its project, without a place': projects.some(
            (each) => each.name === name && each.latitude === null,
          ),
          'the end of its session': sessions.every(({ current }) => current),
        };
        const missing = Object.entries(expected).flatMap(([what, holds]) => (holds ? [] : [what]));
        if (missing.length > 0) throw new Error(`It has left out ${missing.join(', ')}.`);
      } finally {
        await fetch(`${url}/api/auth/logout-all`, { method: 'POST', ...(await signIn()) });
      }
    },

    stop: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
