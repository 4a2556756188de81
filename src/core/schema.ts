import type { components } from '../generated/openapi.ts';

/** A schema of the contract, as a type. */
export type Schema<Name extends keyof components['schemas']> = components['schemas'][Name];
