import type { Location, Operation, Parameter, PathItem, Visit } from './redocly.ts';

const snakeCase = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const trainCase = /^[A-Z][A-Za-z0-9]*(-[A-Z][A-Za-z0-9]*)*$/;
const camelCase = /^[a-z]+([A-Z][a-z0-9]*)*$/;
const pascalCase = /^[A-Z][A-Za-z0-9]*$/;
const apiPath = /^\/api(\/([a-z0-9]+(-[a-z0-9]+)*|\{[a-z_0-9]+\}))+$/;
const rootPath = /^\/((health|docs)(\/[a-z-]+)*|openapi\.[a-z]+|\.well-known\/[a-z.-]+)$/;

interface Options {
  /** What an operationId may start with, separated by spaces. */
  readonly verbs: string;
}

interface NamingVisitor {
  PathItem: Visit<PathItem>;
  Operation: Visit<Operation>;
  Parameter: Visit<Parameter>;
  Schema: Visit<unknown>;
  SchemaProperties: Visit<Record<string, unknown>>;
}

/** One way to write each kind of name. */
export function naming(options: Options): NamingVisitor {
  const verbs = options.verbs.split(' ');
  return {
    PathItem(_, { key, report, rawLocation }) {
      const path = String(key);
      if (apiPath.test(path) || rootPath.test(path)) return;
      report({
        message: `Write ${path} in kebab-case under /api, without a trailing slash; only health, openapi, docs and .well-known are at the root.`,
        location: rawLocation.key(),
      });
    },
    Operation({ operationId }, { report, location }) {
      if (operationId === undefined) return;
      const verb = /^[a-z]+/.exec(operationId)?.[0] ?? '';
      if (camelCase.test(operationId) && verbs.includes(verb)) return;
      report({
        message: `Write the operationId ${operationId} in camelCase, starting with a verb that redocly.yaml lists.`,
        location: location.child('operationId'),
      });
    },
    Parameter({ name, in: where }, { report, location }) {
      if ((where === 'header' ? trainCase : snakeCase).test(name)) return;
      report({
        message: `Write the parameter ${name} in ${where === 'header' ? 'Train-Case' : 'snake_case'}.`,
        location: location.child('name'),
      });
    },
    Schema(_, { report, location }) {
      const name = schemaName(location);
      if (name === undefined || pascalCase.test(name)) return;
      report({ message: `Name the schema ${name} in PascalCase: types are called like it.`, location });
    },
    SchemaProperties(properties, { report, location }) {
      for (const name of Object.keys(properties)) {
        if (snakeCase.test(name)) continue;
        report({
          message: `Write the property ${name} in snake_case.`,
          location: location.child(name).key(),
        });
      }
    },
  };
}

/** A schema with a file of its own is called like the file once the contract is bundled. */
function schemaName({ source, pointer }: Location): string | undefined {
  if (pointer !== '#/') return /^#\/components\/schemas\/([^/]+)$/.exec(pointer)?.[1];
  return /components\/schemas\/([^/]+)\.\w+$/.exec(source.absoluteRef)?.[1];
}
