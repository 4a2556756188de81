import { writeFile } from 'node:fs/promises';
import { makeCollection } from './collection/make.ts';

const file = 'dist/collection.json';
const collection = await makeCollection('http://localhost:8000');
await writeFile(new URL(`../${file}`, import.meta.url), JSON.stringify(collection, null, 2));
console.log(`${file} is ready for Postman, Bruno and others that read Postman's collections.
  Set its variable baseUrl, and send "Sign in": its token then goes with all other requests.`);
