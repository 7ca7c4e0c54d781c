export interface CaptureClaim {
  readonly verificationId: string;
  readonly livemode: boolean;
  /** Counts renewals: a token of an older generation is dead. */
  readonly generation: number;
}

/** The learner's credential for one verification. Derived, so that it can be given again and is stored nowhere. */
export interface CaptureTokens {
  /** `lct_…` */
  issue(claim: CaptureClaim): string;
  /** The claim of a genuine token, else `null`. Whether its generation still holds is for the caller to check. */
  verify(token: string): CaptureClaim | null;
}
