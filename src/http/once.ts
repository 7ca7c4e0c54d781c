import type { Request } from 'express';
import type { Idempotency } from '../app/idempotency.js';
import type { Repositories, Scope, Store } from '../app/ports/store.js';

/** What of a call makes it the same call. */
interface RepeatableCall {
  readonly req: Request;
  readonly params?: unknown;
  readonly body?: unknown;
}

export type Once = ReturnType<typeof makeOnce>;

/** Runs a POST once for each `Idempotency-Key`; a call that repeats it runs nothing and is answered with the resource as it stands now. */
export function makeOnce({
  store,
  idempotency,
}: {
  readonly store: Store;
  readonly idempotency: Idempotency;
}) {
  const begin = (
    scope: Scope,
    route: string,
    { req, params, body }: RepeatableCall,
    run: (complete: (tx: Repositories, id: string) => Promise<void>) => Promise<string>,
  ) => idempotency.once(scope, route, req.get('idempotency-key'), { params, body }, run);

  return {
    /** Makes a resource; `run` notes its id in its own transaction. Returns the id, of now or of then. */
    create: begin,

    /** Does something to the resource `id`. Whatever is killed between the deed and its note may be done again: each of them bears that. */
    async change(
      scope: Scope,
      route: string,
      call: RepeatableCall,
      id: string,
      work: () => Promise<unknown>,
    ): Promise<void> {
      await begin(scope, route, call, async (complete) => {
        await work();
        await complete(store.read, id);
        return id;
      });
    },
  };
}
