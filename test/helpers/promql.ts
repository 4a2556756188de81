import { parser } from '@prometheus-io/lezer-promql';

export interface Asked {
  readonly metrics: ReadonlySet<string>;
  /** `label` and the text that it is compared to. */
  readonly labels: readonly (readonly [label: string, value: string])[];
}

/** What a query of Prometheus asks for. @throws {Error} where it is none */
export function readQuery(query: string): Asked {
  const metrics = new Set<string>();
  const labels: [string, string][] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      const text = query.slice(from, to);
      if (type.isError) throw new Error(`${query} is no query from "${query.slice(from)}" on`);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') metrics.add(text);
      if (type.name === 'UnquotedLabelMatcher') {
        const [, label = '', value = ''] = /^(\w+)\s*(?:=~|!~|!=|=)\s*"(.*)"$/.exec(text) ?? [];
        labels.push([label, value]);
      }
    },
  });
  return { metrics, labels };
}
