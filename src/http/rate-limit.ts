import { parseReference, type Reference } from './required-role.ts';

/** What is counted apart: each client's address, each caller, or each value of a field of the body. */
export type Subject = 'address' | 'caller' | Reference;

/** At most `quota` uses in any `seconds`. */
export interface Limit {
  readonly name: string;
  readonly per: Subject;
  readonly quota: number;
  readonly seconds: number;
  /** The quota for who comes from a device that the account of this e-mail has been signed in from; the same uses count. */
  readonly knownDevicesQuota: number;
}

export interface RateLimit {
  /** Statuses of the answers that use a limit up; all others give back what they took. */
  readonly counts: readonly string[];
  readonly limits: readonly Limit[];
}

const kebabCase = /^[a-z]+(-[a-z]+)*$/;
const status = /^[2-5]\d\d$/;
const mostUses = 1000;
const oneDay = 86_400;

/**
 * Reads the value of an operation's `x-rate-limit`; openapi/README.md holds the grammar.
 * @throws {TypeError} for anything that is not of it
 */
export function parseRateLimit(value: unknown): RateLimit {
  const { counts, limits } = membersOf(value, ['counts', 'limits']);
  if (!isFilledList(counts) || !counts.every((each) => typeof each === 'string' && status.test(each)))
    throw malformed('counts must be a list of statuses such as "401"', counts);
  if (!isFilledList(limits)) throw malformed('limits must be a list', limits);
  const parsed = limits.map(parseLimit);
  if (new Set(parsed.map(({ name }) => name)).size < parsed.length)
    throw malformed('each limit must have a name of its own', limits);
  return { counts: counts as string[], limits: parsed };
}

function parseLimit(value: unknown): Limit {
  const { name, per, quota, seconds, known_devices } = membersOf(
    value,
    ['name', 'per', 'quota', 'seconds'],
    ['known_devices'],
  );
  const subject = parseSubject(per);
  if (typeof name !== 'string' || !kebabCase.test(name)) throw malformed('name must be in kebab-case', value);
  if (subject === undefined) throw malformed('per must be address, caller or a field of the body', value);
  if (!isWholeNumber(quota, 1, mostUses)) throw malformed(`quota must be from 1 to ${mostUses}`, value);
  if (!isWholeNumber(seconds, 1, oneDay)) throw malformed(`seconds must be from 1 to ${oneDay}`, value);
  const limit = { name, per: subject, quota, seconds, knownDevicesQuota: quota };
  if (known_devices === undefined) return limit;
  if (per !== '{body.email}')
    throw malformed('known_devices are those of the account of {body.email}', value);
  if (!isWholeNumber(known_devices, quota + 1, mostUses))
    throw malformed(`known_devices must be more than quota, up to ${mostUses}`, value);
  return { ...limit, knownDevicesQuota: known_devices };
}

function parseSubject(per: unknown): Subject | undefined {
  if (per === 'address' || per === 'caller') return per;
  const reference = typeof per === 'string' ? parseReference(per) : undefined;
  return reference?.in === 'body' ? reference : undefined;
}

/** @throws {TypeError} where one of the `required` is missing, or there is another than these and the `optional` */
function membersOf(
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Record<string, unknown> {
  const members = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const isComplete = required.every((name) => Object.hasOwn(members, name));
  const isClosed = Object.keys(members).every((name) => [...required, ...optional].includes(name));
  if (!isComplete || !isClosed) throw malformed(`expected are ${required.join(', ')}`, value);
  return members;
}

function isFilledList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0;
}

function isWholeNumber(value: unknown, smallest: number, largest: number): value is number {
  return Number.isInteger(value) && Number(value) >= smallest && Number(value) <= largest;
}

function malformed(rule: string, value: unknown): TypeError {
  return new TypeError(`x-rate-limit: ${rule}, not ${JSON.stringify(value)}`);
}

/** The fields of the body that are counted apart. */
export function bodyFieldsOf({ limits }: RateLimit): string[] {
  return limits.flatMap(({ per }) => (typeof per === 'string' ? [] : [per.name]));
}
