import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';

/** Runs in each server before its program, and answers the bench without keeping the server from ending. */
export type Question =
  { readonly ask: 'usage' | 'profile' } | { readonly ask: 'save'; readonly file: string };

const session = new Session();

async function answer(question: Question): Promise<NodeJS.CpuUsage | null> {
  switch (question.ask) {
    case 'usage':
      return process.cpuUsage();
    case 'profile':
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 200 });
      await session.post('Profiler.start');
      return null;
    case 'save': {
      const { profile } = await session.post('Profiler.stop');
      session.disconnect();
      writeFileSync(question.file, JSON.stringify(profile));
      return null;
    }
  }
}

process.on('message', (question: Question) => {
  void answer(question).then((reply) => process.send?.(reply));
});
// Nobody asks any more: whoever started it is gone.
process.once('disconnect', () => process.exit());
process.channel?.unref();
