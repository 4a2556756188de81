import pg from 'pg';

/** A pool without timers: connections are made at once and kept, the one used last is taken first. */
export async function openClients(options: pg.ClientConfig & { readonly max: number }) {
  const idle: pg.Client[] = [];
  const waiting: ((client: pg.Client) => void)[] = [];
  for (let count = 0; count < options.max; count += 1) {
    const client = new pg.Client(options);
    await client.connect();
    idle.push(client);
  }
  return {
    take: (): pg.Client | Promise<pg.Client> => idle.pop() ?? new Promise((resolve) => waiting.push(resolve)),
    give: (client: pg.Client): void => {
      const next = waiting.shift();
      if (next) next(client);
      else idle.push(client);
    },
  };
}
