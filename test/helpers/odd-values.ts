import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './contract.ts';

/** Ids and keys that exist, by the parameter or field that names them. */
export type Known = Readonly<Record<string, readonly string[]>>;

export const nasty = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udc00y',
    '\ufeff',
    '\u202eabc',
    '😀'.repeat(40),
    'ǅ',
    'İ',
    'ﬀ',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'null',
    'undefined',
    'NaN',
    '-0',
    '1e400',
    '0x10',
    '[object Object]',
  ],
  ...[
    "' or 1=1 --",
    '%',
    '_',
    '\\',
    '${x}',
    '{{x}}',
    '../../etc/passwd',
    '.',
    '..',
    '//',
    '*',
    '$1',
    ':x',
    '?',
    '??',
  ],
  ...[
    'registry',
    'code',
    'slug',
    'me',
    'a'.repeat(201),
    'ß'.repeat(2_001),
    'x'.repeat(9_000),
    '\n',
    'a\r\nb: c',
  ],
  ...['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', '2026-02-30T25:61:61Z'],
];

export const nastyJson = [
  ...[
    'null',
    'true',
    '0',
    '-0',
    '1e400',
    '-1e400',
    '1e-400',
    '90.0000000001',
    '-180.0000001',
    '123456789012345678901',
  ],
  ...[
    '[]',
    '{}',
    '[[]]',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '"\\ud800"',
    '"\\u0000"',
  ],
  ...[
    `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
    `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
    '9'.repeat(400),
  ],
];

/** What the contract allows. */
function validValue(schema: Schema, name: string, known: Known): Arbitrary<unknown> {
  const { type, format, enum: choices, pattern, minLength = 0, maxLength = 60 } = schema;
  const existing = known[name] ?? [];
  if (Array.isArray(type)) {
    const [real = 'string'] = type.filter((each) => each !== 'null') as string[];
    return fc.option(validValue({ ...schema, type: real }, name, known), { freq: 4 });
  }
  if (choices) return fc.constantFrom(...choices);
  if (type === 'number')
    return fc.double({ min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9, noNaN: true });
  if (existing.length > 0)
    return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...existing) }, ofFormat());
  return ofFormat();

  function ofFormat(): Arbitrary<unknown> {
    if (format === 'uuid')
      return fc.oneof(
        fc.uuid({ version: 7 }),
        fc.uuid().map((id) => id.toUpperCase()),
      );
    if (format === 'email') return fc.emailAddress({ size: 'small' });
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u')).filter(fits);
    return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) }).filter(fits);
  }

  function fits(text: string): boolean {
    return Array.from(text).length >= minLength && Array.from(text).length <= maxLength;
  }
}

/** One step beside what the contract allows, or on its edge. */
function nearValue(schema: Schema, name: string, known: Known): Arbitrary<unknown> {
  return fc
    .tuple(validValue(schema, name, known), fc.nat({ max: 11 }), fc.constantFrom(...nasty))
    .map(([value, kind, extra]) => {
      const text = String(value);
      const { minLength = 1, maxLength = 100, minimum = 0, maximum = 0 } = schema;
      const changed = [
        text + extra,
        extra + text,
        text.slice(1),
        text.toUpperCase(),
        text.replaceAll('-', ''),
        'x'.repeat(maxLength),
        'ü'.repeat(maxLength + 1),
        'x'.repeat(Math.max(0, minLength - 1)),
        [value],
        { [text]: value },
        maximum + Number.EPSILON * 128,
        minimum - 1e-9,
      ];
      return changed[kind];
    });
}

export const wildValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Mostly valid, sometimes nearly, seldom wild. */
export function someValue(schema: Schema, name: string, known: Known): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 10, arbitrary: validValue(schema, name, known) },
    { weight: 2, arbitrary: nearValue(schema, name, known) },
    { weight: 1, arbitrary: wildValue },
  );
}
