/** Asks twenty times at once; the answers come in the order of their statuses. */
export async function twentyAtOnce<Answer extends { readonly status: number }>(
  ask: () => Promise<Answer>,
): Promise<Answer[]> {
  const answers = await Promise.all(Array.from({ length: 20 }, ask));
  return answers.sort((one, other) => one.status - other.status);
}

/** One that won, and nineteen that were told so. */
export function oneWinner(won: number, lost: number): number[] {
  return [won, ...Array.from({ length: 19 }, () => lost)];
}
