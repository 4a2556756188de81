import { below, type Random } from './random.ts';

const syllables = (
  'a ba be bi chi da de di e fa ga go ha hi i ja jo ka ke ki ko la le li lo lu ma me mi mo mu na ne ni no nu ' +
  'o pa pe ra re ri ro ru sa se shi si so su ta te ti to tu u va vi wa we ya yo za zi'
).split(' ');

/** A name that nobody has had to think of. */
export function makeName(random: Random, length: number): string {
  let name = '';
  for (let count = 0; count < length; count += 1) name += syllables[below(random, syllables.length)] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}
