import type { Middleware } from 'openapi-fetch';
import { operationsWithDeviceId, operationsWithIdempotencyKey } from './generated/contract.ts';
import { newId } from './new-id.ts';

/** Headers that the contract lets a request have, and that nobody should have to think of. */
export function createDeclaredHeaders(deviceId: string | undefined): Middleware {
  return {
    onRequest({ request, schemaPath }) {
      const operation = `${request.method} ${schemaPath}`;
      const suggest = (name: string, value: string) => {
        if (!request.headers.has(name)) request.headers.set(name, value);
      };
      if (operationsWithIdempotencyKey.has(operation)) suggest('Idempotency-Key', newId());
      if (deviceId !== undefined && operationsWithDeviceId.has(operation)) suggest('Device-Id', deviceId);
    },
  };
}
