import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { document } from './helpers/contract.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

function get(path: string) {
  return sendOdd(service.url, { method: 'GET', path });
}

const pages = [
  // Redoc's components have styles of their own.
  { path: '/docs', also: { 'style-src-attr': ["'unsafe-inline'"], 'font-src': ['data:'] } },
  { path: '/docs/roles', also: {} },
];

for (const { path, also } of pages) {
  test(`GET ${path} may run the scripts and styles that it holds, and nothing else`, async (t) => {
    const { headers } = await get(path);
    const policy = headers.get('Content-Security-Policy') ?? '';
    const directives = policy.split(';').map((directive) => directive.split(' ') as [string, ...string[]]);
    const {
      'script-src': scripts = [],
      'style-src-elem': styles = [],
      ...rest
    } = Object.fromEntries(directives.map(([name, ...values]) => [name, values]));
    t.deepEqual(rest, {
      'default-src': ["'none'"],
      'frame-ancestors': ["'none'"],
      'img-src': ['data:'],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      ...also,
    });
    t.true(scripts.length > 0);
    t.true(styles.length > 0);
    for (const source of [...scripts, ...styles]) t.regex(source, /^'sha256-[A-Za-z0-9+/]{43}='$/);
  });

  test(`GET ${path} is a page that loads nothing from elsewhere`, async (t) => {
    const { headers, text } = await get(path);
    t.is(headers.get('Content-Type'), 'text/html; charset=utf-8');
    t.true(text.includes('Tripod API'));
    const markup = text.replaceAll(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, '$1');
    const loading = [...markup.matchAll(/<(?:script|link|img|iframe|source|object|embed)\b[^>]*>/gi)];
    const addresses = loading.flatMap(([tag]) => [...tag.matchAll(/\b(?:src|href|data|srcset)="([^"]*)"/gi)]);
    for (const [, address = ''] of addresses) t.regex(address, /^data:/);
    t.notRegex(markup, /@import|url\(\s*['"]?(https?:)?\/\//i);
  });
}

test('each error that an operation can give has an example in the contract', (t) => {
  const { responses } = document.components as unknown as {
    responses: Record<string, { content?: Record<string, { example?: unknown; examples?: unknown }> }>;
  };
  t.true(Object.keys(responses).length > 30);
  for (const [name, { content = {} }] of Object.entries(responses)) {
    for (const { example, examples } of Object.values(content)) t.truthy(example ?? examples, name);
  }
});

test('each kind of problem has a section of its own in the docs, where its type points', async (t) => {
  const problem = document.components.schemas['Problem']?.properties?.['code']?.enum as string[];
  const { info } = document as unknown as { info: { description: string } };
  const { text } = await get('/docs');
  t.true(problem.length > 15);
  for (const code of problem) {
    t.regex(info.description, new RegExp(`^## ${code}\\n.+ \\(\\d{3}\\)\\.`, 'm'));
    t.true(text.includes(`id="section/errors/${code.toLowerCase()}"`));
  }
});

test('/openapi.json is the contract, and /openapi.yaml says the same', async (t) => {
  const [json, yaml] = await Promise.all([get('/openapi.json'), get('/openapi.yaml')]);
  const file: unknown = JSON.parse(readFileSync(new URL('../dist/openapi.json', import.meta.url), 'utf8'));
  t.deepEqual(json.body, file);
  t.is(yaml.headers.get('Content-Type'), 'application/yaml; charset=utf-8');
  t.deepEqual(parse(yaml.text), file);
});
