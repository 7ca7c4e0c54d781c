import type { MrzField } from '../../domain/mrz.js';
import type { ReasonCode } from '../../domain/reasons.js';
import type { PrivateRegion } from './image-masker.js';

/** ICAO 9303 formats (parts 4-7), AAMVA for North American licences, `none` where no machine-readable part was found. */
export type DocumentType = 'TD1' | 'TD2' | 'TD3' | 'MRVA' | 'MRVB' | 'AAMVA' | 'none';

export interface MrzReading {
  /** The lines as read: 2 × 44 (TD3, MRV-A), 2 × 36 (TD2, MRV-B) or 3 × 30 (TD1) characters of A–Z, 0–9 and `<`. */
  readonly lines: readonly string[];
  /** Every check digit of the format holds. */
  readonly valid: boolean;
  /** Per check digit: `document_number`, `date_of_birth`, `expires_on`, `optional_data` (TD3), `composite` (not MRV). */
  readonly check_digits: Readonly<Record<string, boolean>>;
}

/** What one document says, and how far to trust it. Names follow CONTRACT (`lethe read --json`), hence snake case. */
export interface DocumentReading {
  /** `accept`: fit to decide on without a person. `retry`: a new photograph may mend it. `review`: a person must look. */
  readonly outcome: 'accept' | 'retry' | 'review';
  readonly reasons: readonly ReasonCode[];
  readonly document_type: DocumentType;
  readonly mrz: MrzReading | null;
  readonly barcode: Readonly<Record<string, string>> | null;
  /** Dates are `YYYY-MM-DD`; issuer and nationality ICAO three-letter codes; sex `M`, `F` or `X`. A field that was not read is absent. */
  readonly fields: Readonly<Partial<Record<MrzField, string>>>;
  /** 0–1 per field that was read. */
  readonly confidence: Readonly<Partial<Record<MrzField, number>>>;
  /** Named measures (`sharpness`, `glare`, `mrz_pitch`, …), without units unless the name says so. */
  readonly quality: Readonly<Record<string, number>>;
  /** Where, by side, numbers stand that must not be stored: they are masked before anything else happens to the picture. */
  readonly private_regions: Readonly<Partial<Record<'front' | 'back', readonly PrivateRegion[]>>>;
}

/** Reads identity documents. Keeps nothing of what it reads. */
export interface DocumentReader {
  /**
   * @param images encoded JPEG, PNG or WebP bytes; `today` as `YYYY-MM-DD` settles the century of two-digit years (ICAO 9303-3, 4.8)
   * @throws EngineError `image_undecodable` when the bytes are no picture, `engine_failed` when a model fails
   */
  read(images: {
    readonly front: Uint8Array;
    readonly back?: Uint8Array;
    readonly today: string;
  }): Promise<DocumentReading>;
  close(): Promise<void>;
}
