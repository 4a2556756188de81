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

test('GET /docs may run the scripts and styles that it holds, and nothing else', async (t) => {
  const { headers } = await get('/docs');
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
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ['data:'],
    'font-src': ['data:'],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
  });
  t.true(scripts.length > 0);
  for (const source of [...scripts, ...styles]) t.regex(source, /^'sha256-[A-Za-z0-9+/]{43}='$/);
});

test('GET /docs is a page that loads nothing from elsewhere', async (t) => {
  const { headers, text } = await get('/docs');
  t.is(headers.get('Content-Type'), 'text/html; charset=utf-8');
  t.true(text.includes('Tripod API'));
  const markup = text.replaceAll(/(<(script|style)[^>]*>)[\s\S]*?<\/\2>/g, '$1');
  const loading = [...markup.matchAll(/<(?:script|link|img|iframe|source|object|embed)\b[^>]*>/gi)];
  const addresses = loading.flatMap(([tag]) => [...tag.matchAll(/\b(?:src|href|data|srcset)="([^"]*)"/gi)]);
  for (const [, address = ''] of addresses) t.regex(address, /^data:/);
  t.notRegex(markup, /@import|url\(\s*['"]?(https?:)?\/\//i);
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
