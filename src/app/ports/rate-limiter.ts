/** Who is limited: each by a budget of their own. */
export type Limited = 'apiKey' | 'captureToken' | 'operatorJwt';

export interface RateLimiter {
  /** Counts one call of somebody, by an id that says nothing of a person; seconds to wait where the budget is spent, else `null`. */
  take(kind: Limited, id: string): Promise<number | null>;
  close(): Promise<void>;
}
