import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Response, Root, Visit } from './redocly.ts';

const name = 'AccessControlAllowOrigin';
const file = new URL(`../components/headers/${name}.yaml`, import.meta.url);

/** Declares with every answer that it may be read from other origins, as `cors` in src/app.ts lets every answer say. */
export function showOrigin(): { Root: { leave: Visit<Root> }; Response: { leave: Visit<Response> } } {
  return {
    Root: {
      leave({ components }) {
        components.headers = { ...components.headers, [name]: parse(readFileSync(file, 'utf8')) as unknown };
      },
    },
    Response: {
      leave(response) {
        const origin = { $ref: `#/components/headers/${name}` };
        response.headers = { ...response.headers, 'Access-Control-Allow-Origin': origin };
      },
    },
  };
}
