import type { ParsedUrlQuery } from 'node:querystring';
import type { ClientBase } from 'pg';

export interface Person {
  readonly id: string;
  /** Those of a session of their own for each connection. */
  readonly tokens: readonly { readonly access_token: string; readonly refresh_token: string }[];
}

/** Who there is: what else the database holds is the same for all. */
export interface World {
  /** Sees some of the projects, each by one way or by several. */
  readonly member: Person;
  readonly admin: Person;
  /** One of those that the member sees. */
  readonly projectId: string;
}

/** A request that is measured, and what tells its answer from a trivial one. */
export interface Case {
  readonly as?: Person;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** The same for all connections, or that of one of them. */
  readonly body?: object | ((connection: number) => object);
  /** The field of the answer that is the whole of the next request's body, on the same connection. */
  readonly follow?: string;
  readonly status?: number;
  /** Fields that are another value in each answer; all else has to be the same. */
  readonly varying?: readonly string[];
  readonly isExpected: (body: never) => boolean;
}

/** What a baseline knows of a request that it has let in. */
export interface Input {
  /** Undefined where everyone is let in. */
  readonly user: User | undefined;
  readonly path: Readonly<Record<string, string>>;
  readonly query: ParsedUrlQuery;
  readonly body: unknown;
  readonly keys: Keys;
}

export interface User {
  readonly id: string;
  readonly is_platform_admin: boolean;
}

/** What tokens are signed with. */
export interface Keys {
  readonly access: Buffer;
  readonly refresh: Buffer;
}

/** An operation of the contract, as the baselines have it and as it is measured. */
export interface BenchOperation {
  /** Its `operationId`: method, path and who may call it are in the contract. */
  readonly id: string;
  /** By the names that they have on the command line and in the table. */
  readonly cases: Readonly<Record<string, (world: World) => Case>>;
  /** The service's own SQL, by named statements. */
  readonly work?: (input: Input, client: ClientBase) => Promise<unknown>;
  /** The answer for `response.json`. */
  readonly answer: (result: never, input: Input) => unknown;
  /** The same as text, for the limit, where that is cheaper than `JSON.stringify`. */
  readonly write?: (result: never, input: Input) => string;
}

/** Knows the type of what `work` finds. */
export function defineOperation<Result>(
  operation: Omit<BenchOperation, 'work' | 'answer' | 'write'> & {
    readonly work?: (input: Input, client: ClientBase) => Promise<Result>;
    readonly answer: (result: Result, input: Input) => unknown;
    readonly write?: (result: Result, input: Input) => string;
  },
): BenchOperation {
  return operation;
}
