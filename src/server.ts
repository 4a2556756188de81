import { createApp } from './app.ts';
import { openContext } from './core/open-context.ts';
import { readSettings, SettingError, type Settings } from './core/settings.ts';
import { listen } from './http/listen.ts';
import { bootstrapAdmin } from './services/users/bootstrapAdmin.ts';

try {
  await start(readSettings(process.env));
} catch (error) {
  // An operator needs one line to act on; anything unforeseen comes with its stack.
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

async function start(settings: Settings): Promise<void> {
  const { context, dataPlace, alone, announceStop, close } = await openContext(settings);
  const hasAdmin = await alone(() => bootstrapAdmin(context, settings.bootstrapAdmin));
  const app = await createApp(context, settings);
  const { drain, port } = await listen(app, settings.port, context).catch(async (error: unknown) => {
    await close();
    throw portTaken(error, settings.port);
  });
  stopWhenTold(async () => {
    announceStop();
    const late = await drain();
    if (late > 0) context.logger.warn({ connections: late }, 'told to come again what had not ended in time');
    await close();
  });
  context.outbox.wake();

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

function portTaken(error: unknown, port: number): unknown {
  const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  return isTaken ? new SettingError(`PORT ${port} is taken by another program: please set another.`) : error;
}

/** In milliseconds: somebody else would end it at 10 s, wherever it is then. */
const lastMoment = 7_500;

function stopWhenTold(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), lastMoment).unref();
    void stop();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}
