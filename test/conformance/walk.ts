import type { Caller } from './caller.ts';
import { operations, type Operation } from '../helpers/contract.ts';
import { answerFindings, problemFindings, type Received } from './check-answer.ts';
import type { Deployment } from './deployment.ts';
import { createKnown, type Known } from './known.ts';
import { questions, refusal } from './questions.ts';
import { aboutAll } from './about-all.ts';

/** A line of the table. */
export interface Row {
  readonly what: string;
  readonly requests: number;
  /** What it answered, if all is well. */
  readonly outcome: string;
  readonly findings: readonly string[];
}

type Outcome = Pick<Row, 'outcome' | 'findings'>;

/** Everything that can be read, one operation after the other, then what belongs to none. */
export async function* walk(deployment: Deployment, caller: Caller, origin?: string): AsyncGenerator<Row> {
  const known = createKnown();
  const row = async (what: string, look: () => Promise<Outcome>): Promise<Row> => {
    const before = deployment.asked();
    const outcome = await look();
    return { what, requests: deployment.asked() - before, ...outcome };
  };
  for (const operation of readable())
    yield row(`GET ${operation.path}`, () => tryOperation({ deployment, caller, known }, operation));
  for (const [what, look] of Object.entries(aboutAll(origin))) {
    yield row(what, async () => ({ outcome: 'as it should be', findings: await look(deployment) }));
  }
}

/** Lists before what is found in them. */
function readable(): Operation[] {
  const depth = ({ path }: Operation) => path.split('{').length;
  return [...operations.values()]
    .filter(({ method }) => method === 'GET')
    .sort((one, other) => depth(one) - depth(other));
}

interface Walk {
  readonly deployment: Deployment;
  readonly caller: Caller;
  readonly known: Known;
}

async function tryOperation({ deployment, caller, known }: Walk, operation: Operation): Promise<Outcome> {
  const as = operation.role === 'public' ? undefined : caller.session;
  const { path, isFound } = known.fill(operation);
  if (operation.role !== 'public' && !as)
    return { outcome: '401', findings: await refusal({ deployment, operation }, 401, { path }) };

  const first = await deployment.ask({ path, as });
  const findings = [...unexpected(operation, caller, isFound, first), ...answerFindings(operation, first)];
  if (first.status !== 200) {
    if (first.status >= 400) findings.push(...problemFindings(first));
    return { outcome: String(first.status), findings: [...new Set(findings)] };
  }
  known.learn(operation.path, first.body);
  for (const [name, ask] of Object.entries(questions)) {
    const found = await ask({ deployment, operation, path, as, first });
    findings.push(...found.map((finding) => `${name}: ${finding}`));
  }
  return { outcome: '200', findings };
}

/** 200 is what should come, but for who may not, and where nothing is there to be looked at. */
function unexpected(
  { role }: Operation,
  { isAdmin }: Caller,
  isFound: boolean,
  { status }: Received,
): string[] {
  const mayRefuse = typeof role !== 'string' && !isAdmin;
  const isExpected = status === 200 || (status === 403 && mayRefuse) || (status === 404 && !isFound);
  return isExpected ? [] : [`answered ${status}, not 200`];
}
