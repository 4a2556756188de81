import { generateClient, generators } from './sdk/generators/generate.ts';
import { buildTypescriptClient } from './sdk/typescript/build.ts';

const names = ['typescript', ...generators];
const [name = '', ...rest] = process.argv.slice(2);
if (names.includes(name) && rest.length === 0) {
  console.log(await (name === 'typescript' ? buildTypescriptClient() : generateClient(name)));
} else {
  console.error(`Please name the client to build: npm run sdk -- ${names.join(' | ')}`);
  process.exitCode = 1;
}
