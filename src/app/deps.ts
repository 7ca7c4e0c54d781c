import type { ReviewOutcome } from '../domain/state-machine.js';
import type { Advance } from './advance.js';
import type { Journal } from './journal.js';
import type { Policies } from './policies.js';
import type { Vault } from './vault.js';
import type { BlobStore } from './ports/blob-store.js';
import type { CaptureTokens } from './ports/capture-tokens.js';
import type { Clock } from './ports/clock.js';
import type { DocumentReader } from './ports/document-reader.js';
import type { FaceEngine } from './ports/face-engine.js';
import type { Ids } from './ports/ids.js';
import type { ImageInspector } from './ports/image-inspector.js';
import type { ImageMasker } from './ports/image-masker.js';
import type { JobQueue } from './ports/job-queue.js';
import type { KeyProvider } from './ports/key-provider.js';
import type { PresenceEngine } from './ports/presence-engine.js';
import type { Logger } from './ports/logger.js';
import type { Pseudonymiser } from './ports/pseudonymiser.js';
import type { Sealer } from './ports/sealer.js';
import type { Signer } from './ports/signer.js';
import type { Store } from './ports/store.js';
import type { SecretBox } from './ports/secret-box.js';
import type { Watermarker } from './ports/watermarker.js';
import type { WebhookSender } from './ports/webhook-sender.js';

/** What an operator sets that use cases need to know. */
export interface Settings {
  /** Where a learner may be sent back to. */
  readonly returnOrigins: readonly string[];
  /** Where this service is reached, without a trailing slash. */
  readonly publicBaseUrl: string;
  /** Decline without a person; off unless an operator takes that on. */
  readonly autoDecline: boolean;
  /** Decisions of reviewers that wait for a second, senior one. */
  readonly confirmDecisions: readonly ReviewOutcome[];
}

/** Everything that use cases are made of. Each takes the part it names (`Pick`), `container.ts` alone builds the whole. */
export interface AppDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly keys: KeyProvider;
  readonly sealer: Sealer;
  readonly signer: Signer;
  readonly captureTokens: CaptureTokens;
  readonly pseudonymiser: Pseudonymiser;
  readonly blobs: BlobStore;
  readonly queue: JobQueue;
  readonly inspector: ImageInspector;
  readonly reader: DocumentReader;
  readonly faces: FaceEngine;
  readonly presence: PresenceEngine;
  readonly masker: ImageMasker;
  readonly watermarker: Watermarker;
  readonly secretBox: SecretBox;
  readonly webhookSender: WebhookSender;
  readonly logger: Logger;
  readonly settings: Settings;
  readonly journal: Journal;
  readonly vault: Vault;
  readonly policies: Policies;
  readonly advance: Advance;
}
