import type { DisclosureField, LearnerNotice, Purpose } from '../../domain/disclosure.js';
import type { MonthCount, PublicCells } from '../../domain/public-statistics.js';
import type { RecipientKind } from '../../domain/recipient.js';
import type { Status } from '../../domain/state-machine.js';
import type { Page, Scope } from './store.js';

/** A third party that the operator has an agreement with. */
export interface RecipientRow {
  readonly id: string;
  readonly tenantId: string;
  readonly name: string;
  readonly kind: RecipientKind;
  /** Where the agreement is filed: the operator's own reference. */
  readonly agreementRef: string;
  readonly agreementExpiresAt: Date;
  /** When the recipient last attested its safeguards; `null` until it did. */
  readonly safeguardsAttestedAt: Date | null;
  readonly purposes: readonly Purpose[];
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly rowVersion: number;
}

/** One line of the register: who was given the names of which fields. Never what stood in them. */
export interface DisclosureRow extends Scope {
  readonly id: string;
  readonly recipientId: string;
  /** The recipient's name and kind as they are registered. */
  readonly recipientName: string;
  readonly recipientKind: RecipientKind;
  readonly purpose: Purpose;
  readonly fields: readonly DisclosureField[];
  /** Of the fields, those that had been erased: nothing was given of them. */
  readonly erased: readonly DisclosureField[];
  /** Of one person; `null` for a reading of outcomes, which names its course instead. */
  readonly verificationId: string | null;
  readonly courseId: string | null;
  /** How many people it was about. */
  readonly people: number;
  readonly legalBasis: string | null;
  readonly learnerNotice: LearnerNotice;
  readonly disclosedBy: string;
  readonly disclosedAt: Date;
}

/** What a learner is told of one disclosure. */
export interface LearnerDisclosure {
  readonly recipient: string;
  readonly kind: RecipientKind;
  readonly purpose: Purpose;
  readonly fields: readonly DisclosureField[];
  readonly at: Date;
}

/** What a Member sees of one person. `cursor` is random: it orders nothing and leads to no id. */
export interface OutcomeRow {
  readonly learnerRef: string;
  readonly status: Status;
  readonly submittedAt: Date | null;
  readonly decidedAt: Date | null;
  readonly validUntil: Date | null;
  readonly cursor: string;
}

/** A month as it was published; it never changes. */
export interface PublishedMonth {
  /** `YYYY-MM` */
  readonly month: string;
  readonly publishedAt: Date;
  readonly cells: PublicCells;
}

/** Rows about what leaves the house, and who gets it. */
export interface ThirdPartyRepositories {
  readonly recipients: {
    insert(row: RecipientRow): Promise<void>;
    find(id: string): Promise<RecipientRow | null>;
    /** Locks the row until the transaction ends. */
    lock(id: string): Promise<RecipientRow | null>;
    /** Writes and raises the row version. */
    update(
      id: string,
      patch: Partial<
        Pick<
          RecipientRow,
          'agreementRef' | 'agreementExpiresAt' | 'safeguardsAttestedAt' | 'purposes' | 'endedAt'
        >
      >,
    ): Promise<RecipientRow>;
    /** Newest first. */
    list(tenantIds: readonly string[], page: Page): Promise<readonly RecipientRow[]>;
  };
  readonly disclosures: {
    insert(row: Omit<DisclosureRow, 'recipientName' | 'recipientKind'>): Promise<void>;
    find(id: string): Promise<DisclosureRow | null>;
    /** Newest first. */
    list(
      tenantIds: readonly string[],
      filter: { readonly recipientId?: string; readonly verificationId?: string },
      page: Page,
    ): Promise<readonly DisclosureRow[]>;
    /**
     * What the learner is told, newest first: each disclosure but those that were withheld, while a hold that forbids notice lives; and of
     * Members who read the outcomes of a course since it was bound, the last reading.
     */
    ofVerification(verificationId: string): Promise<readonly LearnerDisclosure[]>;
    /** Deletes by age; returns how many went. */
    purge(before: Date, limit: number): Promise<number>;
  };
  readonly outcomes: {
    /** Of verifications bound to a course, without those whose person was erased. `after` is the cursor of the last row before. */
    list(scope: Scope, courseId: string, page: Page): Promise<readonly OutcomeRow[]>;
  };
  readonly publicStatistics: {
    /** When the oldest verification was created. */
    firstCreatedAt(livemode: boolean): Promise<Date | null>;
    /** People by the last verification that each of them began in a span of time. */
    count(livemode: boolean, from: Date, before: Date): Promise<readonly MonthCount[]>;
    /** `false` where that month is published already. */
    publish(livemode: boolean, month: PublishedMonth): Promise<boolean>;
    /** Newest first. */
    list(livemode: boolean): Promise<readonly PublishedMonth[]>;
  };
}
