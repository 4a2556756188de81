import { createClient, type Client } from './client.ts';
import { startServerProcess } from './server-process.ts';
import { testSecret, type TestService } from './service.ts';

/** Two more instances on the service's database, in processes of their own: they share nothing else. */
export async function startTwoProcesses({ databaseUrl }: TestService) {
  const settings = { DATABASE_URL: databaseUrl, JWT_SECRET_KEY: testSecret };
  const processes = await Promise.all([startServerProcess(settings), startServerProcess(settings)]);
  const [one, other] = processes.map(({ url }) => createClient(url)) as [Client, Client];
  return {
    one,
    other,
    stop: async () => {
      await Promise.all(processes.map(({ stop }) => stop()));
    },
  };
}
