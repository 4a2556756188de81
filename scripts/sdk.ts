import { generateClient, generators } from './sdk/generators/generate.ts';
import { CannotGenerate } from './sdk/generators/openapi-generator.ts';
import { buildTypescriptClient } from './sdk/typescript/build.ts';

const names = ['typescript', ...generators];
const [name = '', ...rest] = process.argv.slice(2);
if (names.includes(name) && rest.length === 0) {
  try {
    console.log(await (name === 'typescript' ? buildTypescriptClient() : generateClient(name)));
  } catch (error) {
    if (!(error instanceof CannotGenerate)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
} else {
  console.error(`Please name the client to build: npm run sdk -- ${names.join(' | ')}`);
  process.exitCode = 1;
}
