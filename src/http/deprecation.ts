/** What the contract says of an operation that will be taken away. */
export interface Deprecation {
  /** From when on not to use it any more, and until when it certainly answers: days such as `2027-03-01`, from midnight UTC. */
  readonly since: string;
  readonly sunset: string;
  /** The operationId of the one to use instead. */
  readonly successor: string | undefined;
}

export interface DeprecatedOperation {
  readonly deprecated?: unknown;
  readonly 'x-deprecated-since'?: unknown;
  readonly 'x-sunset'?: unknown;
  readonly 'x-successor'?: unknown;
}

const extensions = ['x-deprecated-since', 'x-sunset', 'x-successor'] as const;

/**
 * Reads `deprecated` and the extensions that go with it; openapi/README.md explains them.
 * @throws {TypeError} for one without the others, a day that there is none of, or an end before the beginning
 */
export function parseDeprecation(operation: DeprecatedOperation): Deprecation | undefined {
  if (operation.deprecated !== true) {
    const stray = extensions.find((name) => operation[name] !== undefined);
    if (stray) throw new TypeError(`\`${stray}\` says something only beside \`deprecated: true\``);
    return undefined;
  }
  const since = parseDay('x-deprecated-since', operation['x-deprecated-since']);
  const sunset = parseDay('x-sunset', operation['x-sunset']);
  if (sunset <= since) throw new TypeError('`x-sunset` must be later than `x-deprecated-since`');
  const successor = operation['x-successor'];
  if (successor !== undefined && typeof successor !== 'string')
    throw new TypeError('`x-successor` must be an operationId');
  return { since, sunset, successor };
}

/** Milliseconds since the epoch at which a day begins. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

function parseDay(name: string, value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) {
    const time = startOf(value);
    // Date takes 30 February for 2 March.
    if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(value)) return value;
  }
  throw new TypeError(`\`${name}\` must be a day such as 2027-03-01 on what is deprecated`);
}
