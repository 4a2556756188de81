/** Starts two requests at once; the answers come in the order in which the requests are named. */
type Race = <One, Other>(
  one: () => Promise<One>,
  other: () => Promise<Other>,
) => Promise<[one: One, other: Other]>;

/** Lets two requests race twenty times with either of them first, in rounds that arrange and check their own data. */
export async function raceInBothOrders(round: (race: Race) => Promise<void>): Promise<void> {
  for (let count = 0; count < 20; count++) {
    await round((one, other) => Promise.all([one(), other()]));
    await round(async (one, other) => {
      const [second, first] = await Promise.all([other(), one()]);
      return [first, second];
    });
  }
}
