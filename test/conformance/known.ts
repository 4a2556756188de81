import { pathOf } from '../helpers/client.ts';
import type { Operation } from '../helpers/contract.ts';

/** Something that lists hold, by the names of its fields. */
type Item = Readonly<Record<string, unknown>>;

/** What has been seen of the deployment so far: later requests are about what is there. */
export interface Known {
  learn(path: string, body: unknown): void;
  /** The path with its parameters and the query that it needs; `isFound` where all they name was seen before. */
  fill(operation: Operation): { readonly path: string; readonly isFound: boolean };
}

export function createKnown(): Known {
  const seen = new Map<string, Item>();

  /** Whatever is listed at the path itself, above it, or beside it, such as one's own apps for any app. */
  function itemFor(template: string, name: string): Item | undefined {
    const steps = template.slice(0, template.indexOf(`/{${name}}`)).split('/');
    while (steps.length > 2) {
      const place = steps.join('/');
      const item = seen.get(place) ?? [...seen].find(([path]) => path.startsWith(`${place}/`))?.[1];
      if (item) return item;
      steps.pop();
    }
    return undefined;
  }

  function inPath({ path }: Operation, name: string): unknown {
    const item = itemFor(path, name);
    return item?.[name] ?? item?.['id'];
  }

  function inQuery(name: string): unknown {
    if (name === 'user_id') return seen.get('/api/auth/me')?.['id'];
    return [...seen.values()].find((item) => name in item)?.[name];
  }

  return {
    learn: (path, body) => {
      const item: unknown = Array.isArray(body) ? body[0] : body;
      if (typeof item === 'object' && item !== null) seen.set(path, item as Item);
    },
    fill: (operation) => {
      const needed = operation.parameters.filter(({ required }) => required);
      const values = needed.map((parameter) => {
        const { name, example } = parameter;
        const value = parameter.in === 'path' ? inPath(operation, name) : inQuery(name);
        return { in: parameter.in, name, value: value ?? example, isFound: value !== undefined };
      });
      const of = (where: string) =>
        Object.fromEntries(
          values.filter((each) => each.in === where).map(({ name, value }) => [name, String(value)]),
        );
      return {
        path: pathOf(operation, { path: of('path'), query: of('query') }),
        isFound: values.every(({ isFound }) => isFound),
      };
    },
  };
}
