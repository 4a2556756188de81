const texts = new WeakMap<object, string>();

/** The JSON of an answer's body, made only once for its entity tag and for the answer. */
export function jsonText(body: unknown): string {
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const text = texts.get(body) ?? JSON.stringify(body);
  texts.set(body, text);
  return text;
}
