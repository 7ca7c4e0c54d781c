import type { Request, Response } from 'express';
import type { operations } from './api-types.js';
import type { Principal } from './principal.js';

export type OperationId = keyof operations;

type QueryOf<Op extends OperationId> = operations[Op] extends { parameters: { query?: infer Q } }
  ? NonNullable<Q>
  : Record<string, never>;
type PathOf<Op extends OperationId> = operations[Op] extends { parameters: { path: infer P } }
  ? P
  : Record<string, never>;
type BodyOf<Op extends OperationId> = operations[Op] extends {
  requestBody: { content: { 'application/json': infer B } };
}
  ? B
  : operations[Op] extends { requestBody?: { content: { 'application/json': infer B } } }
    ? B | undefined
    : undefined;

/** A call that passed authentication and validation: what it holds has the shape that `openapi.yaml` says. */
export interface Call<Op extends OperationId> {
  readonly params: PathOf<Op>;
  readonly query: QueryOf<Op>;
  readonly body: BodyOf<Op>;
  readonly principal: Principal;
  readonly requestId: string;
  readonly req: Request;
  readonly res: Response;
}

export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  /** Row version, sent as ETag. */
  readonly version?: number;
  /** Bytes instead of JSON. */
  readonly bytes?: { readonly type: string; readonly data: Uint8Array };
}

/** Answers one operation; `undefined` where it has answered itself (a stream). */
export type Handler<Op extends OperationId> = (call: Call<Op>) => Promise<Reply | undefined>;
export type Handlers = { readonly [Op in OperationId]: Handler<Op> };
