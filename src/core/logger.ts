import { pino, type Logger } from 'pino';

export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // A failing query's error carries what was bound to it.
    redact: ['err.client', 'err.detail', 'err.where', 'err.bindings', 'err.nativeError'],
  });
}
