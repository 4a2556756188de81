import { readSettings, SettingError } from '../src/core/settings.ts';
import { createLogger } from '../src/core/logger.ts';
import { createMetrics } from '../src/core/metrics.ts';
import { listen } from '../src/http/listen.ts';
import { createMock } from './mock/app.ts';

const { PORT = '4010', CORS_ORIGINS } = process.env;

try {
  const settings = readSettings({ PORT, CORS_ORIGINS });
  const watching = { logger: createLogger('warn'), metrics: createMetrics() };
  const { port } = await listen(await createMock(settings), settings.port, watching);
  const here = `http://localhost:${port}`;
  console.log(`A mock of Tripod API is ready. It answers with the contract's examples, to any access token.
  API   ${here}/api
  Docs  ${here}/docs
  Other answers than the usual one come for a header such as
  Prefer: code=409, example=slug_taken`);
} catch (error) {
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}
