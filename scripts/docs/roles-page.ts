import { readFile } from 'node:fs/promises';
import { requiredRoleInWords } from '../../openapi/lint/required-role-in-words.ts';
import { parseRequiredRole, type RequiredRole } from '../../src/http/required-role.ts';
import { callersOf, reachOf, type Caller } from './callers.ts';

export interface DescribedContract {
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly required: RequiredRole;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** A page of its own, without anything from elsewhere: which operation asks for which role. */
export async function rolesPage(contract: DescribedContract): Promise<string> {
  const [style, script] = await Promise.all(['roles.css', 'roles.js'].map(read));
  const operations = operationsOf(contract);
  const callers = callersOf(operations.map(({ required }) => required));
  const tags = contract.tags.map(({ name }) => name);
  const title = escape(contract.info.title);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Who may call what · ${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style>${style ?? ''}</style>
</head>
<body>
<header>
<nav aria-label="Documentation"><a href="../docs">${title} ${escape(contract.info.version)}</a></nav>
<h1>Who may call what</h1>
<p>Every operation, and who may call it. Each leads to its place in the documentation, which also says <a href="../docs#section/roles">how roles work</a>.</p>
</header>
<main>
${filters(tags, callers)}
<p id="count" role="status">${operations.length} operations</p>
${legend}
<table role="table">
<caption>Operations and the roles that may call them</caption>
<colgroup><col>${callers.map(({ id }) => `<col data-caller="${id}">`).join('')}<col></colgroup>
${head(callers)}
${tags.map((tag) => group(tag, operations, callers)).join('\n')}
</table>
<p id="none" hidden>No operation fits. Change the filter, or start over.</p>
</main>
<script type="module">${script ?? ''}</script>
</body>
</html>
`;
}

function read(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8');
}

function operationsOf({ paths }: DescribedContract): Operation[] {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as
        { operationId: string; summary: string; tags: [string]; 'x-required-role': unknown } | undefined;
      if (!operation) return [];
      const { operationId: id, summary, tags } = operation;
      const required = parseRequiredRole(operation['x-required-role']);
      return [{ id, method: method.toUpperCase(), path, summary, tag: tags[0], required }];
    }),
  );
}

function filters(tags: readonly string[], callers: readonly Caller[]): string {
  const option = (value: string, text: string) => `<option value="${escape(value)}">${escape(text)}</option>`;
  return `<form role="search" hidden>
<label>Find <input name="find" type="search" autocomplete="off" placeholder="a word, path or name"></label>
<label>Subject <select name="subject">${option('', 'all')}${tags.map((tag) => option(tag, tag)).join('')}</select></label>
<label>What may I call as <select name="as">${option('', '…')}${callers.map(({ id, inWords }) => option(id, inWords)).join('')}</select></label>
<button type="reset">Start over</button>
</form>`;
}

const legend = `<ul class="legend">
<li><span class="exactly" aria-hidden="true">●</span> <span class="unseen">Yes:</span> the very role that is asked for</li>
<li><span aria-hidden="true">○</span> <span class="unseen">Also:</span> less than this role is asked for</li>
<li><b>this</b> the role is needed in the app, organization or project that the request names</li>
<li><b>any</b> the role is enough wherever it is held</li>
</ul>`;

function head(callers: readonly Caller[]): string {
  const cells = callers.map(({ group, label }, index) => {
    if (!group) return `<th scope="col" rowspan="2">${label}</th>`;
    if (callers[index - 1]?.group === group) return '';
    const width = callers.filter((each) => each.group === group).length;
    return `<th scope="colgroup" colspan="${width}">${group}</th>`;
  });
  const below = callers.filter(({ group }) => group).map(({ label }) => `<th scope="col">${label}</th>`);
  return `<thead>
<tr><th scope="col" rowspan="2">Operation</th>${cells.join('')}<th scope="col" rowspan="2">In words</th></tr>
<tr>${below.join('')}</tr>
</thead>`;
}

function group(tag: string, operations: readonly Operation[], callers: readonly Caller[]): string {
  const rows = operations.filter((each) => each.tag === tag).map((each) => row(each, callers));
  return `<tbody role="rowgroup" data-subject="${escape(tag)}">
<tr><th scope="rowgroup" colspan="${callers.length + 2}">${escape(tag)}</th></tr>
${rows.join('\n')}
</tbody>`;
}

function row(operation: Operation, callers: readonly Caller[]): string {
  const { id, method, path, summary, required } = operation;
  const reaches = callers.map((caller) => reachOf(caller, required));
  const able = callers.filter((_, index) => reaches[index]).map((caller) => caller.id);
  const cells = reaches.map((reach) => {
    if (!reach) return '<td></td>';
    const [sign, word] = reach.kind === 'exactly' ? ['●', 'yes'] : ['○', 'also'];
    return `<td class="${reach.kind}"><span aria-hidden="true">${sign}</span><span class="unseen">${word}</span>${reach.of && ` <b>${escape(reach.of)}</b>`}</td>`;
  });
  const words = escape(requiredRoleInWords(required)).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
  return `<tr role="row" data-callers="${able.join(' ')}" data-id="${id}"><th scope="row" role="rowheader"><a href="${placeInDocs(operation)}">${escape(summary)}</a> <code class="request"><b>${method}</b> ${breakable(path)}</code></th>${cells.join('')}<td class="words" role="cell">${words}</td></tr>`;
}

/** Redoc's address of an operation, which it makes from the tag and the operationId. */
function placeInDocs({ tag, id }: Operation): string {
  return `../docs#/${tag.toLowerCase().replaceAll(' ', '-')}/${id.toLowerCase()}`;
}

function breakable(path: string): string {
  return escape(path).replaceAll('/', '<wbr>/');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
