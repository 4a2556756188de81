/** What a body holds; what should be JSON and is none stays text, which no schema takes. */
export function readBody(text: string, headers: Headers): unknown {
  if (!/\bjson\b/.test(headers.get('Content-Type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
