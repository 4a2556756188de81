import { breaking, compatible, type Change } from './change.ts';
import { isMethod, isNode, listOf, resolve, type Contract, type Node, type Pairs } from './contract.ts';
import { childPlace, isJudged, words, type Place } from './places.ts';

/** Two values that stand at the same place. */
interface Both {
  readonly was: unknown;
  readonly is: unknown;
  readonly place: Place;
  /** Names on the way here. */
  readonly at: string;
  /** References followed on the way here. */
  readonly seen: readonly string[];
}

const alternatives = ['allOf', 'anyOf', 'oneOf'];

/** Changes that oasdiff has no rule for. Where nobody knows what one means, it counts as breaking. */
export function overlookedChanges(before: Contract, after: Contract, { kept }: Pairs): Change[] {
  return [
    ...outlineChanges(before, after),
    ...kept.flatMap(([{ definition: was }, { definition: is, name }]) =>
      compare({ was, is, place: { kind: 'operation', direction: 'in' }, at: '', seen: [] }).map((change) => ({
        ...change,
        operation: name,
      })),
    ),
  ];

  function compare(both: Both): Change[] {
    const [was, is] = [resolve(before, both.was), resolve(after, both.is)];
    if (!isNode(was) || !isNode(is)) return isSame(was, is) ? [] : [unjudged(both.at, was, is)];
    const step = JSON.stringify([both.was, both.is].map((each) => isNode(each) && each['$ref']));
    const isReference = step !== '[null,null]';
    // A schema that holds itself has been compared already.
    if (isReference && both.seen.includes(step)) return [];
    const seen = isReference ? [...both.seen, step] : both.seen;
    const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return keys
      .filter((key) => !isJudged(key, both.place))
      .flatMap((key) =>
        compareKey(key, { was: was[key], is: is[key], place: both.place, at: `${both.at}/${key}`, seen }),
      );
  }

  function compareKey(key: string, both: Both): Change[] {
    const { was, is, place } = both;
    if (place.kind === 'operation' && key === 'parameters') return compareParameters(both);
    const inMap = childPlace('map', key, place);
    if (inMap) return compareEntries({ ...both, place: inMap });
    const single = childPlace('single', key, place);
    // What is there only once is seen by oasdiff.
    if (single) return was === undefined || is === undefined ? [] : compare({ ...both, place: single });
    if (place.kind === 'schema' && key === 'additionalProperties') return compareOpenness(both);
    // Only in headers: oasdiff looks at those of bodies and parameters.
    if (key === 'pattern' && place.direction === 'out' && was === undefined)
      return [compatible(`${where(both.at)}: has the pattern ${inShort(is)} now`)];
    if (place.kind === 'schema' && alternatives.includes(key) && Array.isArray(was) && Array.isArray(is))
      return was.length === is.length ? compareList(was, is, both) : [];
    return isSame(expand(before, was), expand(after, is)) ? [] : [unjudged(both.at, was, is)];
  }

  function compareList(was: readonly unknown[], is: readonly unknown[], both: Both): Change[] {
    return was.flatMap((each, index) =>
      compare({ ...both, was: each, is: is[index], at: `${both.at}/${index}` }),
    );
  }

  function compareEntries(both: Both): Change[] {
    const { was, is } = both;
    if (!isNode(was) || !isNode(is)) return [];
    return Object.keys(was)
      .filter((key) => key in is)
      .flatMap((key) => compare({ ...both, was: was[key], is: is[key], at: `${both.at}/${key}` }));
  }

  function compareParameters(both: Both): Change[] {
    const others = new Map(listOf(both.is).map((each) => [nameOf(after, each), each]));
    return listOf(both.was)
      .filter((each) => others.has(nameOf(before, each)))
      .flatMap((was) => {
        const name = nameOf(before, was);
        const place: Place = { kind: 'parameter', direction: 'in' };
        return compare({ ...both, was, is: others.get(name), place, at: `${both.at}/${name}` });
      });
  }

  function compareOpenness(both: Both): Change[] {
    const { was, is, place, at } = both;
    if (isNode(was) && isNode(is)) return compare(both);
    if (isNode(was) || isNode(is)) return [unjudged(at, was, is)];
    const isClosed = is === false;
    if ((was === false) === isClosed) return [];
    const text = `${where(at)}: fields that are not listed are ${isClosed ? 'refused' : 'possible'} now`;
    return [isClosed && place.direction === 'in' ? breaking(text) : compatible(text)];
  }
}

/** All but operations and components: servers, webhooks, and what stands beside the methods of a path. */
function outlineChanges(before: Contract, after: Contract): Change[] {
  const known = ['openapi', 'info', 'paths', 'components', 'security', 'tags', 'externalDocs'];
  const ofRoot = differingKeys(withPlainServers(before), withPlainServers(after))
    .filter((key) => !known.includes(key))
    .map((key) => unjudged(`/${key}`, before[key], after[key]));
  const ofPaths = Object.entries(before.paths).flatMap(([path, was]) => {
    const is = after.paths[path] ?? was;
    return differingKeys(was, is)
      .filter((key) => !isMethod(key) && key !== 'parameters' && !words.includes(key))
      .map((key) => unjudged(`/paths${path}/${key}`, was[key], is[key]));
  });
  return [...ofRoot, ...ofPaths];
}

/** Without what is only said about them. */
function withPlainServers(contract: Contract): Node {
  const plain = listOf(contract['servers']).map((server) =>
    isNode(server) ? { ...server, description: undefined, 'x-internal': undefined } : server,
  );
  return { ...contract, servers: plain };
}

function differingKeys(was: Node, is: Node): string[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => !isSame(was[key], is[key]));
}

/** With references followed, up to where one leads back. */
function expand(contract: Contract, value: unknown, seen: readonly unknown[] = []): unknown {
  if (Array.isArray(value)) return value.map((each) => expand(contract, each, seen));
  if (!isNode(value) || seen.includes(value['$ref'])) return value;
  const within = '$ref' in value ? [...seen, value['$ref']] : seen;
  return Object.fromEntries(
    Object.entries(resolve(contract, value) as Node).map(([key, each]) => [
      key,
      expand(contract, each, within),
    ]),
  );
}

function unjudged(at: string, was: unknown, is: unknown): Change {
  return breaking(
    `${where(at)} went from ${inShort(was)} to ${inShort(is)}, and no rule knows what that means`,
  );
}

function inShort(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

function where(at: string): string {
  return `\`${at.slice(1).replaceAll('/properties/', '/')}\``;
}

function nameOf(contract: Contract, parameter: unknown): string {
  const node = resolve(contract, parameter);
  return isNode(node) ? `${String(node['in'])} ${String(node['name'])}` : '';
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
