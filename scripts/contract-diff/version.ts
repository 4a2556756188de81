/** From none to a major one; `words` is a change that no program notices. */
export type Weight = 'nothing' | 'words' | 'compatible' | 'breaking';

type Version = readonly [major: number, minor: number, patch: number];

/**
 * The least version after these changes (semver.org): before 1.0.0 the minor number is for what breaks.
 * @throws {TypeError} for anything but three numbers
 */
export function leastVersion(before: string, weight: Weight): string {
  const [major, minor, patch] = parse(before);
  if (weight === 'nothing') return before;
  if (weight === 'breaking' && major > 0) return `${major + 1}.0.0`;
  if (weight === 'breaking' || (weight === 'compatible' && major > 0)) return `${major}.${minor + 1}.0`;
  return `${major}.${minor}.${patch + 1}`;
}

/** Whether one version is at least as high as the other. */
export function isAtLeast(version: string, least: string): boolean {
  const [one, other] = [parse(version), parse(least)];
  const place = one.findIndex((number, index) => number !== other[index]);
  return place === -1 || (one[place] ?? 0) > (other[place] ?? 0);
}

function parse(version: string): Version {
  const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (!numbers) throw new TypeError(`info.version must be three numbers such as 1.2.3, not ${version}`);
  return numbers as unknown as Version;
}
