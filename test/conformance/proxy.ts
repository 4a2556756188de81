import { operationAt } from '../helpers/contract.ts';
import { addressIn } from './address.ts';
import { answerFindings, problemFindings } from './check-answer.ts';
import { requestFindings } from './check-request.ts';
import { forward, type Forwarded } from './forward.ts';
import { readBody } from './read-body.ts';

const usage = `Please name the address of a deployment:
  npm run proxy -- https://api.example.org`;

const port = Number(process.env['PORT'] ?? 4011);
const base = addressIn(process.argv.slice(2));
if (base === undefined) {
  console.error(usage);
  process.exit(1);
}

try {
  const { url } = await forward(base, port, (forwarded) => {
    console.log(account(forwarded));
    return forwarded;
  });
  console.log(`All goes on to ${base}; what is not as the contract says is told here.
  API   ${url}/api`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Without queries and bodies, which may hold secrets. */
function account(forwarded: Forwarded): string {
  const { method, path, status } = forwarded;
  const findings = findingsIn(forwarded).map((finding) => `\n    ${finding}`);
  return `${method} ${path.split('?', 1)[0] ?? ''} ${status}${findings.join('')}`;
}

function findingsIn({ method, path, requestBody, status, headers, body }: Forwarded): string[] {
  if (method === 'OPTIONS') return [];
  const received = { status, headers, body: readBody(body.toString(), headers) };
  const operation = operationAt(method, path);
  if (!operation) return method === 'HEAD' ? [] : problemFindings(received);
  const request = status < 300 ? requestFindings(operation, { path, body: requestBody }) : [];
  return [
    ...request.map((finding) => `request: ${finding}`),
    ...answerFindings(operation, received, method).map((finding) => `answer: ${finding}`),
  ];
}
