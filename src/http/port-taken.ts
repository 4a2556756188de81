import { SettingError } from '../core/settings.ts';

/** What to tell whoever started the service. */
export function portTaken(error: Error, setting: string, port: number): Error {
  const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  return isTaken
    ? new SettingError(`${setting} ${port} is taken by another program: please set another.`)
    : error;
}
