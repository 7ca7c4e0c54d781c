/** Turns a learner's reference into one that only the holder of the key can link to it (GDPR art. 4(5)). */
export interface Pseudonymiser {
  pseudonym(tenantId: string, learnerRef: string): string;
}
