import { newId } from '../../../src/core/ids.ts';
import { User } from '../../../src/models/user.ts';
import { startSession } from '../../../src/services/auth/start-session.ts';
import { testSecret, startService as startHelper } from '../../../test/helpers/service.ts';
import { addRows } from '../../../test/helpers/many-rows.ts';
import { samplesFor, type Sample } from '../../../test/helpers/samples.ts';
import { queryAt } from '../../../test/helpers/query.ts';
import { migrateAt, startDataCluster } from '../data/cluster.ts';
import { fillDatabase } from '../data/fill.ts';
import type { Size } from '../data/options.ts';
import { startService, type Server } from '../servers.ts';

/** The service on a database of some size, and in it, at any size, the same sample with the same about it. */
export interface SizedWorld {
  readonly server: Server;
  readonly samples: ReturnType<typeof samplesFor>;
  readonly sample: Sample;
  readonly stop: () => Promise<void>;
}

/** How many more of each the sample has. */
const more = 20;

export async function openWorld(size: Size, seed: number): Promise<SizedWorld> {
  const closing: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const close of closing) await close();
  };
  try {
    const cluster = await startDataCluster(size);
    closing.unshift(() => cluster.stop());
    await migrateAt(cluster.url);
    const present = await queryAt(cluster.url, 'select from users limit 1');
    if (present.length === 0) await fillDatabase(cluster.url, size, seed);
    const helper = await startHelper({ databaseUrl: cluster.url });
    closing.unshift(() => helper.stop());
    const server = await startService({ databaseUrl: cluster.url, secret: testSecret });
    closing.unshift(server.stop);
    const { database } = helper.context;
    const admin = await User.query(database).insert({
      ...{ email: `${newId()}@example.org`, password_hash: '', is_platform_admin: true },
    });
    const tokens = await startSession(helper.context, admin.id);
    const samples = samplesFor(helper, { ...tokens, id: admin.id });
    const sample = await samples.addSample();
    await addRows(helper, sample.ids, more);
    await queryAt(cluster.url, 'vacuum analyze');
    return { server, samples, sample, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
