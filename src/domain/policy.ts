/** How long a changed policy is announced before it is old news. */
const NOTICE_MS = 7 * 24 * 3_600_000;

/** The published text. Frozen once published: consent records name its digest. */
export interface PolicyDocument {
  readonly title: string;
  readonly summary: string;
  readonly purposes: readonly { readonly code: string; readonly text: string }[];
  readonly collects: readonly string[];
  readonly never_collects: readonly string[];
  /** ISO 3166-1 alpha-2 of the country where the data is processed. */
  readonly processing_country: string;
  readonly contact: string;
}

export interface PolicyVersion {
  readonly version: string;
  readonly effectiveAt: Date;
  readonly publishedAt: Date;
  /** SHA-256 of the canonical document, hex. */
  readonly digest: string;
  readonly document: PolicyDocument;
}

/**
 * The version that binds at `now`: the latest that has come into effect. A later one binds from its date on, not backwards; of two that
 * take effect together, the one that was published last.
 */
export function inForce(versions: readonly PolicyVersion[], now: Date): PolicyVersion | undefined {
  return versions
    .filter((v) => v.effectiveAt <= now)
    .sort(
      (a, b) =>
        b.effectiveAt.getTime() - a.effectiveAt.getTime() ||
        b.publishedAt.getTime() - a.publishedAt.getTime(),
    )[0];
}

/**
 * "Revised (date)" from the publication of a change until at least seven days after it took effect; `null` for a first version and
 * for old news.
 */
export function revisedNotice(versions: readonly PolicyVersion[], now: Date): string | null {
  const [first, ...changes] = [...versions].sort((a, b) => a.publishedAt.getTime() - b.publishedAt.getTime());
  if (!first) return null;
  const recent = changes
    .filter((v) => v.publishedAt <= now && now.getTime() < v.effectiveAt.getTime() + NOTICE_MS)
    .at(-1);
  return recent ? `Revised (${recent.effectiveAt.toISOString().slice(0, 10)})` : null;
}
