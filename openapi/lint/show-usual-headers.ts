import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Response, Root, Visit } from './redocly.ts';

/** What comes with every answer, by the name of its file in components/headers. */
const usual = { 'Access-Control-Allow-Origin': 'AccessControlAllowOrigin', 'X-Request-Id': 'XRequestId' };

/** Declares with every answer what comes with every answer, so that no file has to. */
export function showUsualHeaders(): { Root: { leave: Visit<Root> }; Response: { leave: Visit<Response> } } {
  return {
    Root: {
      leave(root) {
        const read = Object.values(usual).map((name): [string, unknown] => [name, readHeader(name)]);
        root.components.headers = { ...root.components.headers, ...Object.fromEntries(read) };
      },
    },
    Response: {
      leave(response) {
        const references = Object.entries(usual).map(([name, file]): [string, unknown] => [
          name,
          { $ref: `#/components/headers/${file}` },
        ]);
        response.headers = { ...Object.fromEntries(references), ...response.headers };
      },
    },
  };
}

function readHeader(name: string): unknown {
  return parse(readFileSync(new URL(`../components/headers/${name}.yaml`, import.meta.url), 'utf8'));
}
