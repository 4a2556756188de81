import { randomUUID } from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import { platformAdmin, type Person } from './people.ts';
import type { TestService } from './service.ts';

export async function addApp(
  service: TestService,
  admin: Person,
  details: Partial<Schema<'CreateAppRequest'>> = {},
): Promise<Schema<'App'>> {
  const body = {
    app_key: `app-${randomUUID()}`,
    name: 'Story Library',
    platform: 'web',
    is_active: true,
    auto_approve: false,
    ...details,
  } as const;
  return (await service.call('createApp', 201, { as: admin, body })).body;
}

/** A role that nobody holds yet. */
export async function addRole(
  service: TestService,
  admin: Person,
  app: { id: string },
): Promise<Schema<'AppRole'>> {
  const body = { role_key: `role-${randomUUID()}`, label: 'Story keeper' };
  const path = { app_id: app.id };
  return (await service.call('createAppRole', 201, { as: admin, path, body })).body;
}

/** The key of an app of one's own. */
export async function createApp(service: TestService): Promise<string> {
  return (await addApp(service, await platformAdmin(service))).app_key;
}

export async function deactivateApp(service: TestService, app_key: string): Promise<void> {
  await service.context.database('apps').where({ app_key }).update({ is_active: false });
}
