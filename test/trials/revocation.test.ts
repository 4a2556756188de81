import test from 'ava';
import type { Client, RawRequest } from '../helpers/client.ts';
import { startOtherProcess } from '../helpers/other-process.ts';
import { createRevocations, type Revocation } from '../helpers/revocations.ts';
import { startService } from '../helpers/service.ts';
import { trials } from '../helpers/trials.ts';

const service = await startService();
const other = await startOtherProcess(service);
const revocations = await createRevocations(service);
test.after.always(async () => {
  await other.stop();
  await service.stop();
});

const workers = 8;
const count = trials({ short: 250, full: 10_000 });

interface Use {
  /** When it was sent: one that is sent meanwhile may be allowed or refused. */
  readonly when: 'before' | 'meanwhile' | 'after';
  readonly path: string;
  readonly status: number;
}

test('What is revoked on one instance is refused on another from the answer on', async (t) => {
  const made: (Use & { readonly name: string; readonly asExpected: boolean })[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index).values();

  async function work(): Promise<void> {
    for (const number of numbers) {
      const revocation = revocations[number % revocations.length];
      if (!revocation) throw new Error('there is nothing to revoke');
      const otherWayRound = Math.floor(number / revocations.length) % 2 === 1;
      const [here, there] = otherWayRound ? [other, service] : [service, other];
      const { name } = revocation;
      const arranged = await revocation.arrange(here);
      for (const use of await revokeInUse(arranged, here, there)) {
        made.push({ ...use, name, asExpected: mayAnswer(arranged, use) });
      }
    }
  }

  const start = Date.now();
  await Promise.all(Array.from({ length: workers }, work));

  const number = (when: Use['when'], status?: number) =>
    made.filter((use) => use.when === when && (status === undefined || use.status === status)).length;
  t.log(
    `${count} revocations of ${revocations.length} kinds in ${Math.round((Date.now() - start) / 1000)} s: ` +
      `${number('before')} uses before, ${number('meanwhile')} meanwhile (${number('meanwhile', 200)} allowed), ` +
      `${number('after')} after the answer (${number('after', 200)} allowed)`,
  );
  t.deepEqual(
    made.filter(({ asExpected }) => !asExpected),
    [],
  );
  t.true(number('before') >= count && number('meanwhile') >= count && number('after') >= 2 * count);
});

/** Uses a right on one instance while it is revoked on the other, and at once when that has been answered. */
async function revokeInUse({ uses, revoke }: Revocation, here: Client, there: Client): Promise<Use[]> {
  const made: Use[] = [];
  const send = async (request: RawRequest, when: Use['when']) => {
    const { status } = await there.send(request);
    made.push({ when, path: request.path, status });
  };
  const sendAll = (when: Use['when']) => Promise.all(uses.map((use) => send(use, when)));

  await sendAll('before');
  let isAnswered = false;
  const meanwhile = uses.map(async (use) => {
    while (!isAnswered) await send(use, 'meanwhile');
  });
  try {
    await revoke(here);
  } finally {
    isAnswered = true;
  }
  await Promise.all([sendAll('after'), ...meanwhile]);
  await sendAll('after');
  return made;
}

function mayAnswer({ refused }: Revocation, { when, status }: Use): boolean {
  return (when !== 'after' && status === 200) || (when !== 'before' && status === refused);
}
