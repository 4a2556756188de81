import { isDeepStrictEqual } from 'node:util';
import { contractExamples, ownExamples } from './contract-examples.ts';
import type { Answer } from './client.ts';
import { resolved, type Operation, type Schema } from './contract.ts';
import { settle } from './settle.ts';

export interface SentExample {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Which examples of the contract have been sent or been answered with, each in its place. */
export function meetExamples() {
  const met = new Set<string>();

  function meet(place: object, value: unknown, alike = isDeepStrictEqual): void {
    for (const example of ownExamples(place)) if (alike(value, example.value)) met.add(example.pointer);
  }

  /** The value as a whole, and the parts of it that have a schema of their own. */
  function meetSchema(
    schema: Schema,
    value: unknown,
    alike: (part: Schema) => typeof isDeepStrictEqual,
  ): void {
    const place = resolved(schema);
    meet(place, value, alike(place));
    if (Array.isArray(value)) for (const item of value) meetSchema(place.items ?? {}, item, alike);
    else if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value))
        meetSchema(place.properties?.[name] ?? {}, part, alike);
  }

  return {
    /** Looks for examples in what went to an operation and in what came back. */
    note(operation: Operation, sent: SentExample, { status, headers, body }: Answer<unknown>): void {
      for (const parameter of operation.parameters) {
        const given = parameter.in === 'header' ? sent.headers : sent[parameter.in];
        meet(parameter, given[parameter.name], (value, shown) => value === String(shown));
      }
      if (operation.bodySchema) meetSchema(operation.bodySchema, sent.body, () => isDeepStrictEqual);
      const declared = operation.responses[status];
      for (const [name, header] of Object.entries(declared?.headers ?? {}))
        meet(header, headers.get(name), (value, shown) => withoutIds(value) === withoutIds(shown));
      for (const media of Object.values(declared?.content ?? {})) {
        const alike = (schema: Schema) => (one: unknown, other: unknown) =>
          isDeepStrictEqual(settle(operation, status, schema, one), settle(operation, status, schema, other));
        meet(media, body, alike(media.schema));
        meetSchema(media.schema, body, alike);
      }
    },
    missing: () => contractExamples.map(({ pointer }) => pointer).filter((pointer) => !met.has(pointer)),
  };
}

export type MetExamples = ReturnType<typeof meetExamples>;

/** `Location` names what is new. */
function withoutIds(value: unknown): string {
  return String(value).replace(/^(\/api\/.*\/)[0-9a-f-]{36}$/, '$1');
}
