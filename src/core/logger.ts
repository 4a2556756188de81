import { pino, type DestinationStream, type Logger } from 'pino';

/** @param destination standard output unless given */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // A failing query's error carries what was bound to it.
      redact: ['err.client', 'err.detail', 'err.where', 'err.bindings', 'err.nativeError'],
    },
    destination,
  );
}
