import { convertV2 } from 'openapi-to-postmanv2';
import { contract } from '../../src/http/contract.ts';
import { readOperations, type OperationId } from '../../src/http/operations.ts';
import type { Collection, Item } from './postman.ts';
import { withExamples } from './with-examples.ts';

const givingTokens: readonly OperationId[] = ['signUp', 'logIn', 'refreshTokens'];

/** Whoever signs in is signed in for all other requests. */
const keepToken = {
  listen: 'test',
  script: {
    type: 'text/javascript',
    exec: [
      'const { tokens, access_token } = pm.response.json();',
      `pm.collectionVariables.set('bearerToken', access_token ?? tokens.access_token);`,
    ],
  },
};

/**
 * One request for each operation, in the folder of its tag, with what the contract shows.
 * @throws {Error} where the contract can't be converted
 */
export async function makeCollection(baseUrl: string): Promise<Collection> {
  const collection = await convert();
  collection.variable = [
    { key: 'baseUrl', value: baseUrl },
    { key: 'bearerToken', value: '' },
  ];
  const operations = new Map(readOperations(contract).map((each) => [`${each.method} ${each.path}`, each]));
  for (const item of collection.item.flatMap((folder) => folder.item ?? [])) {
    const operation = operations.get(nameOf(item));
    if (!operation || !item.request) throw new Error(`there is no operation ${nameOf(item)}`);
    if (!operation.secured) item.request.auth = { type: 'noauth' };
    if (givingTokens.includes(operation.id)) item.event = [keepToken];
  }
  return collection;
}

/** Method and path, as the contract has them. */
export function nameOf({ request, name }: Item): string {
  const steps = request?.url.path.map((step) => step.replace(/^:(\w+)$/, '{$1}')) ?? [];
  return `${request?.method ?? name} /${steps.join('/')}`;
}

function convert(): Promise<Collection> {
  return new Promise((resolve, reject) => {
    convertV2(
      { type: 'json', data: withExamples(contract) },
      { folderStrategy: 'Tags', parametersResolution: 'Example', enableOptionalParameters: false },
      (error, converted) => {
        const made = converted?.output?.[0]?.data;
        // What it makes are objects of its own, whose members show only when they are written out.
        if (made) resolve(JSON.parse(JSON.stringify(made)) as Collection);
        else
          reject(new Error(`The contract can't be converted: ${converted?.reason ?? ''}`, { cause: error }));
      },
    );
  });
}
