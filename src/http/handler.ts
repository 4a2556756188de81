import type { Context } from '../core/context.ts';
import type { operations, PublicOperationId } from '../generated/openapi.ts';
import type { Caller } from './authorize.ts';
import type { OperationId } from './operations.ts';

type Given<Part> = [Part] extends [never] ? unknown : Part;
type Parameters<Id extends OperationId, In extends 'path' | 'query'> = Given<
  NonNullable<operations[Id]['parameters'][In]>
>;
type Body<Id extends OperationId> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Content } };
}
  ? Content
  : undefined;

type Responses<Id extends OperationId> = operations[Id]['responses'];
type Status<Id extends OperationId> = keyof Responses<Id> & number;
type ResponseBody<Response> = Response extends { content: infer Content }
  ? Content[keyof Content]
  : undefined;
type Named<Headers> = keyof { [Name in keyof Headers as string extends Name ? never : Name]: true };
/** The headers that only the handler knows; all others come from the contract by themselves. */
type ResponseHeaders<Response> = Response extends { headers: infer Headers }
  ? 'Location' extends Named<Headers>
    ? { Location: string }
    : 'Retry-After' extends Named<Headers>
      ? { 'Retry-After': number }
      : 'Link' extends Named<Headers>
        ? { Link?: string }
        : undefined
  : undefined;
type ReplyArguments<Body, Headers> = Headers extends undefined
  ? Body extends undefined
    ? []
    : [body: Body]
  : [body: Body, headers: Headers];

/** One valid request, as the contract describes it. */
export interface OperationRequest<Id extends OperationId> {
  readonly context: Context;
  readonly path: Parameters<Id, 'path'>;
  readonly query: Parameters<Id, 'query'>;
  readonly body: Body<Id>;
  /** The header that leads to the next page, where there is one. */
  readonly link: (next: string | undefined) => { Link?: string };
  readonly caller: Id extends PublicOperationId ? undefined : Caller;
}

declare const answerOf: unique symbol;

/** Made only by `reply`, whose arguments the contract decides. */
export interface Answer<Id extends OperationId> {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly [answerOf]: Id;
}

export type Reply<Id extends OperationId> = <S extends Status<Id>>(
  status: S,
  ...rest: ReplyArguments<ResponseBody<Responses<Id>[S]>, ResponseHeaders<Responses<Id>[S]>>
) => Answer<Id>;

export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
  reply: Reply<Id>,
) => Answer<Id> | Promise<Answer<Id>>;

/** One handler for each operation of the contract: a missing one does not compile. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> };
