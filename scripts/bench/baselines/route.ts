/** What the contract says of an operation, told to the baselines when they start. */
export interface Route {
  readonly id: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly status: number;
  /** Undefined where everyone is let in. */
  readonly access: { readonly name: string; readonly text: string } | undefined;
  readonly parameters: readonly { readonly in: 'path' | 'query' | 'body'; readonly name: string }[];
}
