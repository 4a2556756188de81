/** The part of Redocly's plugin interface that our rules use: @redocly/cli publishes no types. */

export interface Location {
  readonly source: { readonly absoluteRef: string };
  /** Within the file: `#/` for its root. */
  readonly pointer: string;
  /** File and pointer. */
  readonly absolutePointer: string;
  child(keys: string | number | (string | number)[]): Location;
  /** The place of the key instead of its value. */
  key(): Location;
}

export interface Context {
  readonly location: Location;
  readonly rawLocation: Location;
  readonly key: string | number;
  readonly parent: unknown;
  readonly report: (problem: { message: string; location?: Location }) => void;
  /** Follows a `$ref`, relative to the file of the node now visited or to `from`; gives anything else back. */
  readonly resolve: (node: unknown, from?: string) => { node: unknown; location?: Location };
}

export type Visit<T> = (node: T, context: Context) => void;

export interface Described {
  readonly $ref?: string;
  readonly description?: string;
}

export interface Exemplified {
  readonly example?: unknown;
  /** A list in schemas, elsewhere by name. */
  readonly examples?: object;
}

export interface Schema extends Described, Exemplified {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
  readonly allOf?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly oneOf?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
}

export interface Parameter extends Exemplified {
  readonly name: string;
  readonly in: string;
  readonly schema?: unknown;
}

export interface Content extends Exemplified {
  readonly schema?: unknown;
}

export interface Body {
  readonly content?: Readonly<Record<string, Content | undefined>>;
}

export interface Response {
  headers?: Readonly<Record<string, unknown>>;
}

export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly unknown[];
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, unknown>>;
  readonly security?: readonly object[];
  readonly 'x-required-role'?: unknown;
  readonly 'x-rate-limit'?: unknown;
  readonly 'x-database'?: unknown;
  readonly deprecated?: unknown;
  readonly 'x-deprecated-since'?: unknown;
  readonly 'x-sunset'?: unknown;
  readonly 'x-successor'?: unknown;
}

export interface PathItem {
  readonly parameters?: readonly unknown[];
}

export interface Root {
  readonly security?: readonly object[];
  components: { headers?: Readonly<Record<string, unknown>> };
}
