/** The most that is told. */
const most = 5;

/** Where the contract that is served is another than this one, as JSON pointers. */
export function differences(here: unknown, served: unknown): string[] {
  const places = [...unequal(here, served, '#')];
  if (places.length === 0) return [];
  const rest = places.length > most ? [`and ${places.length - most} more`] : [];
  const versions = `serves version ${versionOf(served)}, here it is ${versionOf(here)}`;
  return [`${versions}; other than here: ${[...places.slice(0, most), ...rest].join(', ')}`];
}

function versionOf(contract: unknown): string {
  const { info } = contract as { info?: { version?: unknown } };
  return String(info?.version);
}

function* unequal(one: unknown, other: unknown, at: string): Generator<string> {
  if (!isObject(one) || !isObject(other)) {
    if (one !== other) yield at;
    return;
  }
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
    yield* unequal(one[name], other[name], `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
