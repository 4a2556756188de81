interface Preference {
  readonly status?: number;
  readonly example?: string;
}

/** `Prefer: code=409, example=slug_taken`, in the form of RFC 7240, section 2. */
export function readPreference(header = ''): Preference {
  const given = new Map(
    header.split(/[,;]/).map((part) => {
      const [name = '', value = ''] = part.trim().split(/ *= */);
      return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')];
    }),
  );
  const [code, example] = [given.get('code'), given.get('example')];
  return {
    ...(code === undefined ? {} : { status: Number(code) }),
    ...(example === undefined ? {} : { example }),
  };
}
