/** How long a claimed review is still held by this person. Counted by a clock that nobody can set, from what the server said. */
export interface Lease {
  /** @param left milliseconds that are left; `null` where it is not held */
  set(left: number | null): void;
  /** Held anew for as long as at the beginning: every look at a photo does that on the server. */
  renew(): void;
  /** Milliseconds, 0 or more; `null` where it is not held. */
  left(): number | null;
}

export function makeLease(): Lease {
  let length: number | null = null;
  let end: number | null = null;
  const set = (left: number | null) => {
    end = left === null ? null : performance.now() + left;
    if (left !== null) length = Math.max(length ?? 0, left);
  };
  return {
    set,
    renew: () => {
      if (end !== null && end > performance.now()) set(length);
    },
    left: () => (end === null ? null : Math.max(0, end - performance.now())),
  };
}

/** Minutes and seconds, as a countdown shows them. */
export function countdown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
