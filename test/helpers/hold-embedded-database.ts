import { startEmbeddedDatabase } from '../../src/core/embedded-database.ts';

const [directory = ''] = process.argv.slice(2);
const { url } = await startEmbeddedDatabase({ directory, durable: false });
console.log(url);
process.stdin.resume();
