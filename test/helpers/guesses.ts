import type { Answer, Client } from './client.ts';
import { password } from './people.ts';

/** Where a sign-in comes from, as the service sees it behind one trusted proxy. */
export interface Device {
  readonly address?: string;
  readonly agent?: string;
  readonly deviceId?: string;
}

export function headersOf({ address, agent, deviceId }: Device): Record<string, string> {
  return {
    ...(address === undefined ? {} : { 'X-Forwarded-For': address }),
    ...(agent === undefined ? {} : { 'User-Agent': agent }),
    ...(deviceId === undefined ? {} : { 'Device-Id': deviceId }),
  };
}

/** Signs in with the right password, unless told another. */
export function tryToLogIn(
  service: Client,
  email: string,
  device: Device,
  sent: string = password,
): Promise<Answer<unknown>> {
  return service.send({
    method: 'POST',
    path: '/api/auth/login',
    headers: headersOf(device),
    body: JSON.stringify({ email, password: sent }),
  });
}

export function guess(service: Client, email: string, device: Device): Promise<Answer<unknown>> {
  return tryToLogIn(service, email, device, 'not this one');
}

/** One after the other; gives their statuses. */
export async function statusesOf(
  times: number,
  attempt: (index: number) => Promise<Answer<unknown>>,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < times; index += 1) statuses.push((await attempt(index)).status);
  return statuses;
}

/** How often each status came. */
export function tally(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
