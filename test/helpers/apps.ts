import { randomUUID } from 'node:crypto';
import type { TestService } from './service.ts';

/** An app of one's own with the roles admin and viewer. */
export async function createApp(service: TestService): Promise<string> {
  const { database } = service.context;
  const [id, app_key] = [randomUUID(), `app-${randomUUID()}`];
  await database('apps').insert({ id, app_key, name: app_key });
  await database('app_roles').insert(
    ['admin', 'viewer'].map((role_key) => ({
      id: randomUUID(),
      app_id: id,
      role_key,
      label: role_key,
    })),
  );
  return app_key;
}

export async function deactivateApp(service: TestService, app_key: string): Promise<void> {
  await service.context.database('apps').where({ app_key }).update({ is_active: false });
}
