import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { openContext } from './core/open-context.ts';
import { readSettings, SettingError, type Settings } from './core/settings.ts';
import { withSecrets } from './core/with-secrets.ts';
import { contract } from './http/contract.ts';
import { listen } from './http/listen.ts';
import { openWatch } from './http/watch.ts';
import { bootstrapAdmin } from './services/users/bootstrapAdmin.ts';

try {
  await start(readSettings(await withSecrets(process.env)));
} catch (error) {
  // An operator needs one line to act on; anything unforeseen comes with its stack.
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

async function start(settings: Settings): Promise<void> {
  const { context, dataPlace, alone, close } = await openContext(settings);
  const hasAdmin = await alone(() => bootstrapAdmin(context, settings.bootstrapAdmin));
  const { logger } = context;
  const watch = await openWatch(settings, context).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const app = await createApp(context, { ...settings, traceRequests: watch.traceRequests });
  const closeAll = async () => {
    await close();
    await watch.close();
  };
  const { server, port } = await listen(app, settings.port, context).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  stopGracefully(server, logger, closeAll);
  context.outbox.wake();

  logger.info({ version: contract.info.version, port, metrics_port: watch.metricsPort }, 'started');
  console.log(greeting(`http://localhost:${port}`, dataPlace, { hasAdmin, ...settings.passwordRules }));
}

function greeting(
  here: string,
  dataPlace: string,
  { hasAdmin, minLength }: { hasAdmin: boolean; minLength: number },
): string {
  const places = `Tripod API is ready.\n  API   ${here}/api\n  Docs  ${here}/docs\n  Data  ${dataPlace}`;
  if (hasAdmin) return places;
  return `${places}\n  There is no platform admin yet. Make the first one with
  npm run admin:create -- --email you@example.org --password 'at least ${minLength} characters'`;
}

/** Answers what has arrived, then lets go of the database. */
function stopGracefully(server: Server, logger: Logger, close: () => Promise<void>): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    server.close(() => {
      void close().then(() => {
        logger.info('stopped');
      });
    });
    server.closeIdleConnections();
    setTimeout(() => {
      server.closeAllConnections();
    }, 7_000).unref();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
}
