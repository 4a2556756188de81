/** Something that a client can notice; `operation` is the name of the one it is about, if it is about one. */
export interface Change {
  readonly effect: 'breaking' | 'compatible';
  readonly text: string;
  readonly operation?: string | undefined;
}

export function breaking(text: string, operation?: string): Change {
  return { effect: 'breaking', text, operation };
}

export function compatible(text: string, operation?: string): Change {
  return { effect: 'compatible', text, operation };
}
