import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Context } from '../core/context.ts';
import { networkOf } from '../core/network.ts';
import { isKnownDevice } from '../services/auth/known-devices.ts';
import { addressOf } from './client-address.ts';
import type { Operation } from './operations.ts';
import type { Limit, RateLimit, Subject } from './rate-limit.ts';
import type { Bucket } from './rate-limit-store.ts';

/** A limit as it holds for a request. */
export interface AppliedLimit extends Bucket {
  readonly limit: Limit;
}

export async function appliedLimits(
  request: Request,
  { limits }: RateLimit,
  context: Context,
): Promise<AppliedLimit[]> {
  const asksForDevices = limits.some(({ quota, knownDevicesQuota }) => knownDevicesQuota > quota);
  const email = asksForDevices ? fieldOf(request, 'email') : undefined;
  const isKnown = email !== undefined && (await isKnownDevice(context, email));
  return limits.flatMap((limit) => {
    const value = valueOf(request, limit.per);
    if (value === undefined) return [];
    const quota = isKnown ? limit.knownDevicesQuota : limit.quota;
    return [{ limit, key: keyOf(request.operation, limit, value), quota, seconds: limit.seconds }];
  });
}

/** Undefined where there is nothing to count by: validation refuses such a request. */
function valueOf(request: Request, per: Subject): string | undefined {
  if (per === 'caller') return request.claims.sub;
  if (per !== 'address') return fieldOf(request, per.name);
  const address = addressOf(request);
  // Those whose proxy doesn't name them have one limit together.
  return address === null ? '' : networkOf(address);
}

function fieldOf({ body }: Request, name: string): string | undefined {
  const fields = body as unknown;
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return undefined;
  const value = (fields as Record<string, unknown>)[name];
  return typeof value === 'string' ? value.toLowerCase() : undefined;
}

function keyOf({ id }: Operation, { name }: Limit, value: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([id, name, value]))
    .digest();
}
