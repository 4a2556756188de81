import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerFindings, problemFindings, type Received } from '../conformance/check-answer.ts';
import { requestFindings, type Sent } from '../conformance/check-request.ts';
import type { Operation } from './contract.ts';
import { fromRunner } from './databases.ts';

/**
 * Holds what was sent and what came back against the contract, and notes that it was tried.
 * @throws {Error} when the answer is not one that the contract declares, or an invalid request was accepted
 */
export function checkExchange(
  operation: Operation,
  sent: Sent & { method: string },
  received: Received,
): void {
  const { id } = operation;
  refuse(`${id} ${received.status}`, answerFindings(operation, received, sent.method), received.body);
  if (received.status < 300) refuse(`${id} was accepted, but`, requestFindings(operation, sent), sent);
  appendFileSync(join(fromRunner('TEST_COVERAGE_DIR'), String(process.pid)), `${id} ${received.status}\n`);
}

/** For errors that belong to no operation. @throws {Error} when it is not of the form that all errors have */
export function checkProblem(received: Received): void {
  refuse('a problem', problemFindings(received), received.body);
}

function refuse(what: string, findings: readonly string[], seen: unknown): void {
  if (findings.length > 0)
    throw new Error(
      `${what} is not as the contract has it: ${findings.join('; ')} in ${JSON.stringify(seen)}`,
    );
}
