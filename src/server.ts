import type { Logger } from 'pino';
import { createApp } from './app.ts';
import { openContext } from './core/open-context.ts';
import { readSettings, SettingError, type Settings } from './core/settings.ts';
import { withSecrets } from './core/with-secrets.ts';
import { contract } from './http/contract.ts';
import { listen } from './http/listen.ts';
import { openWatch } from './http/watch.ts';
import { bootstrapAdmin, hasPlatformAdmin } from './services/users/bootstrapAdmin.ts';

try {
  await start(readSettings(await withSecrets(process.env)));
} catch (error) {
  // An operator needs one line to act on; anything unforeseen comes with its stack.
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

async function start(settings: Settings): Promise<void> {
  const { context, dataPlace, alone, announceStop, close } = await openContext(settings);
  // Whoever needs none made does not wait for one that migrates.
  const hasAdmin =
    (await hasPlatformAdmin(context)) ||
    (await alone(() => bootstrapAdmin(context, settings.bootstrapAdmin)));
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
  const { drain, port } = await listen(app, settings.port, context).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  stopWhenTold(logger, async () => {
    announceStop();
    const late = await drain();
    if (late > 0) logger.warn({ connections: late }, 'told to come again what had not ended in time');
    await closeAll();
  });
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

/** In milliseconds: somebody else would end it at 10 s, wherever it is then. */
const lastMoment = 7_500;

function stopWhenTold(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), lastMoment).unref();
    void stop().then(() => {
      logger.info('stopped');
    });
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
