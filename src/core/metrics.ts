import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * What an instance counts. Labels have values from the contract or from the code alone, never from a request, so that there are
 * only so many of them.
 */
export type Metrics = ReturnType<typeof createMetrics>;

export const signInOutcomes = ['succeeded', 'wrong_credentials', 'deactivated'] as const;
export const mailOutcomes = ['queued', 'done', 'put_off', 'given_up'] as const;

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    requests: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Requests and how long they took, by operation of the contract ("none" outside of it) and status ("none" without an answer).',
      labelNames: ['operation', 'status'],
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests that are being answered.',
      registers,
    }),
    brokenRequests: new Counter({
      name: 'http_broken_requests_total',
      help: 'What was answered without ever having become a request, by status.',
      labelNames: ['status'],
      registers,
    }),
    droppedConnections: new Counter({
      name: 'http_dropped_connections_total',
      help: 'Connections that were closed at once, since as many were open as may be.',
      registers,
    }),
    shedRequests: new Counter({
      name: 'http_shed_requests_total',
      help: 'Requests that were sent away with 503 at once, since more came than could be done.',
      registers,
    }),
    refusals: new Counter({
      name: 'http_refusals_total',
      help: 'Answers 401, 403 and 429 by operation and by what refuses: the required role, the limit, what is wrong with a token, or the code.',
      labelNames: ['operation', 'status', 'rule'],
      registers,
    }),
    databaseErrors: new Counter({
      name: 'database_errors_total',
      help: 'Requests that failed by the database, by SQLSTATE or by the code of what went wrong on the way there.',
      labelNames: ['code'],
      registers,
    }),
    signIns: startedAtZero(
      new Counter({
        name: 'sign_ins_total',
        help: 'Sign-ins with a password by outcome; those that a limit stops are among the refusals of logIn.',
        labelNames: ['outcome'],
        registers,
      }),
      signInOutcomes,
    ),
    mails: startedAtZero(
      new Counter({
        name: 'mails_total',
        help: 'Mails by what happened to them; done is sent, or found to be for nobody. What was queued and neither done nor given up waits.',
        labelNames: ['outcome'],
        registers,
      }),
      mailOutcomes,
    ),
    idempotencyWaiters: new Gauge({
      name: 'idempotency_waiters',
      help: 'Requests that wait for the first one with their Idempotency-Key.',
      registers,
    }),
    idempotencyReplays: new Counter({
      name: 'idempotency_replays_total',
      help: 'Repeated requests that were answered with what the first one got.',
      registers,
    }),
  };
}

/** Otherwise the first of its kind would be no increase. */
function startedAtZero<Outcome extends string>(counter: Counter<'outcome'>, outcomes: readonly Outcome[]) {
  for (const outcome of outcomes) counter.inc({ outcome }, 0);
  return {
    inc: (labels: { outcome: Outcome }) => {
      counter.inc(labels);
    },
  };
}
