import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { operations } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { platformAdmin } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

for (const { title, status, code, body, ...rest } of unreadableBodies) {
  test(`every operation that takes a body answers ${status} for ${title}`, async (t) => {
    for (const operation of operations.values()) {
      if (!operation.bodySchema) continue;
      const named = { user_id: admin.id };
      const request = { ...minimalRequest(operation, named), ...rest, body, as: admin };
      const answer = await service.send(request);
      t.is(answer.status, status, operation.id);
      t.is((answer.body as Schema<'Problem'>).code, code);
    }
  });
}
