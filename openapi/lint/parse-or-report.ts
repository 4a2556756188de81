import type { Context, Location } from './redocly.ts';

/**
 * Reads an extension as the service does, and reports at `location` what the service could not understand.
 * @param parse throws a TypeError that says what is wrong
 */
export function parseOrReport<Parsed>(
  parse: () => Parsed,
  location: Location,
  { report }: Context,
): Parsed | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    report({ message: `${error.message}. Write it as openapi/README.md says.`, location });
    return undefined;
  }
}
