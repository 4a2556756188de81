// eslint-disable-next-line no-control-regex -- JSON escapes control characters.
const escaped = /["\\\u0000-\u001f]/;

/** A text as JSON; PostgreSQL holds no lone surrogates, which would need an escape too. */
export function quote(text: string | null): string {
  if (text === null) return 'null';
  return escaped.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Rows as a JSON array. */
export function writeList<Row>(rows: readonly Row[], write: (row: Row) => string): string {
  let text = '[';
  let separator = '';
  for (const row of rows) {
    text += separator + write(row);
    separator = ',';
  }
  return text + ']';
}
