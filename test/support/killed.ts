export class Killed extends Error {}

/**
 * Counts every call that a use case makes of the world and, at the given one, dies: before it (nothing of it happened) or after it (it
 * happened, and nobody was told).
 */
export function killedAt(at: number, when: 'before' | 'after') {
  let calls = 0;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(object, name) {
        const member: unknown = Reflect.get(object, name);
        if (typeof member === 'object' && member !== null) return wrap(member);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          const mine = calls++;
          if (mine === at && when === 'before') throw new Killed();
          // Rows that are changed inside a transaction are steps too; the transaction undoes them.
          const inside =
            name === 'transaction'
              ? [(tx: object) => (args[0] as (tx: object) => Promise<unknown>)(wrap(tx))]
              : args;
          const result: unknown = await (member as (...parameters: unknown[]) => unknown).apply(
            object,
            inside,
          );
          if (mine === at && when === 'after') throw new Killed();
          return result;
        };
      },
    });
  return { wrap, calls: () => calls };
}
