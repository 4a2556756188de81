import { hash } from 'node:crypto';
import stringify from 'safe-stable-stringify';
import { jsonText } from './json-text.ts';

/**
 * A strong entity tag (RFC 9110, section 8.8.3) of what a caller sees: for one thing, whatever the order of its fields, since
 * several operations show it; a list comes from one alone, and would take long to sort.
 * @param link of a list: a full page stays as it is when the next one comes about, but now leads there
 */
export function entityTag(body: unknown, link = ''): string {
  return `"${hash('sha256', canonical(body) + link, 'base64url')}"`;
}

const canonicalTexts = new WeakMap<object, string>();

function canonical(body: unknown): string {
  if (typeof body === 'string') return body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return jsonText(body);
  const text = canonicalTexts.get(body) ?? stringify(body);
  canonicalTexts.set(body, text);
  return text;
}

/** Whether a list of tags, or `*`, from `If-Match` names this one, which no weak tag does (RFC 9110, section 13.1.1). */
export function namesTag(list: string, tag: string): boolean {
  return list.trim() === '*' || tagsIn(list).includes(tag);
}

/** The same for `If-None-Match`, where something on the way may have made the tag a weak one (section 13.1.2). */
export function namesTagWeakly(list: string, tag: string): boolean {
  return namesTag(list, tag) || tagsIn(list).includes(`W/${tag}`);
}

/** A tag may hold commas itself. */
function tagsIn(list: string): string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
