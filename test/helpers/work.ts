import { randomUUID } from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import { platformAdmin, type Person } from './people.ts';
import type { TestService } from './service.ts';

/** What projects are made of, and an admin who may set it all up. */
export async function createWork(service: TestService) {
  const admin = await platformAdmin(service);
  let languages = 0;

  /** Private use has codes for 520 of them. */
  async function addLanguage(): Promise<Schema<'Language'>> {
    const code = `q${String.fromCharCode(97 + Math.floor(languages / 26), 97 + (languages % 26))}`;
    languages += 1;
    const body = { name: `Language ${code}`, code };
    return (await service.call('createLanguage', 201, { as: admin, body })).body;
  }

  const language = await addLanguage();

  return {
    admin,
    language,
    addLanguage,

    async addProject(
      as: Person,
      details: Partial<Schema<'CreateProjectRequest'>> = {},
    ): Promise<Schema<'Project'>> {
      const body = { name: `Project ${randomUUID()}`, language_id: language.id, ...details };
      return (await service.call('createProject', 201, { as, body })).body;
    },

    async addPhase(details: Partial<Schema<'CreatePhaseRequest'>> = {}): Promise<Schema<'Phase'>> {
      const body = { name: `Phase ${randomUUID()}`, ...details };
      return (await service.call('createPhase', 201, { as: admin, body })).body;
    },
  };
}
