export interface Figures {
  /** Microseconds of the server's CPU for a request. */
  readonly cpu: number;
  /** Requests in a second. */
  readonly rate: number;
  /** Microseconds of PostgreSQL's CPU for a request; null where it cannot be told. */
  readonly postgres: number | null;
  /** In milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

export interface Results {
  readonly machine: {
    readonly node: string;
    readonly processor: string;
    readonly cores: number;
    /** How many processes wanted a core, at the start and at the end. */
    readonly load: { readonly before: number; readonly after: number };
  };
  readonly connections: number;
  /** By case and server. */
  readonly cases: Readonly<Record<string, Readonly<Record<string, Figures>>>>;
}

/** As a file: four digits are more than a measurement knows. */
export function writeResults(results: Results): string {
  const shorten = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
  return `${JSON.stringify(results, shorten, 2)}\n`;
}
