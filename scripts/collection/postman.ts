export interface Field {
  readonly key: string;
  readonly value: string;
  readonly disabled?: boolean;
}

/** A folder, or the request of one operation. */
export interface Item {
  readonly name: string;
  readonly item?: readonly Item[];
  readonly request?: {
    readonly method: string;
    readonly url: {
      readonly host: readonly string[];
      readonly path: readonly string[];
      readonly query: readonly Field[];
      readonly variable: readonly Field[];
    };
    readonly header: readonly Field[];
    readonly body?: { readonly raw?: string };
    auth: unknown;
  };
  /** Answers to be expected. */
  readonly response?: readonly { readonly code: number; readonly body?: string }[];
  event?: readonly unknown[];
}

/** The part that we look at of a Postman collection of version 2.1, which Bruno and others read too. */
export interface Collection {
  readonly info: { readonly name: string; readonly schema: string };
  readonly item: readonly Item[];
  readonly auth: unknown;
  variable: readonly Field[];
}
