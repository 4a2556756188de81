import { createClient, type Client } from './client.ts';
import { startServerProcess } from './server-process.ts';
import { testSecret, type TestService } from './service.ts';

export interface OtherProcess extends Client {
  readonly url: string;
  stop(): Promise<void>;
}

/** Another instance, in a process of its own: it shares nothing with the service but the database and the settings. */
export async function startOtherProcess(
  { databaseUrl }: TestService,
  settings: Readonly<Record<string, string>> = {},
): Promise<OtherProcess> {
  const { url, stop } = await startServerProcess({
    ...{ DATABASE_URL: databaseUrl, JWT_SECRET_KEY: testSecret },
    ...settings,
  });
  return {
    ...createClient(url),
    url,
    stop: async () => {
      await stop();
    },
  };
}
