import type { PrivateRegion } from '../../app/ports/image-masker.js';
import type { DocumentReader, DocumentReading } from '../../app/ports/document-reader.js';
import { parseAamva, type AamvaDocument } from '../../domain/aamva.js';
import { crossCheckZones, readPrintedFields, type PrintedFields } from '../../domain/document-fields.js';
import { lowestPerField, MRZ_FIELDS, parseMrz, type MrzField } from '../../domain/mrz.js';
import { isPaymentCard, type DocumentContext } from '../../domain/private-numbers.js';
import { makeBarcodeReader, type BarcodeReader } from '../barcode/barcode-reader.js';
import { judgeDocument } from '../images/judge-document.js';
import type { RgbRaster } from '../images/raster.js';
import { makeLineFinder } from './line-finder.js';
import { isBelievable, judgeBarcode, judgeMrz, UNREADABLE, withPictureFaults } from './judge-reading.js';
import { makePpRecogniser, type MrzLineRecogniser, type TextRecogniser } from './line-recogniser.js';
import { isSameText } from './mrz-candidate.js';
import type { MrzFinding } from './mrz-finder.js';
import { witnessMrz } from './mrz-witness.js';
import { makeOcrBRecogniser } from './ocr-b-recogniser.js';
import { makePrintRecogniser, type PrintRecogniser } from './print-recogniser.js';
import { readLine, readPrint, rereadNumbers, type ReadLine } from './printed-zone.js';
import { privatePrint, privateZone, repeatedInPrint } from './private-regions.js';
import { makeTesseractReader, type TesseractReader } from './tesseract-reader.js';
import { cropLine, laplacianVariance, standsIn } from './text-box.js';
import { makeTextDetector } from './text-detector.js';
import { readWitnesses } from './witnesses.js';
import { findPrint, openSide, searchSide, type LineFinders, type Side } from './zone-search.js';

/** Printed fields that must be found for a page without a zone to be taken for a document at all. */
const LEAST_FIELDS = 2;

export interface DocumentReaderOptions {
  /** Reads zones first; by default the project's own reader of OCR-B. */
  readonly mrzRecogniser?: MrzLineRecogniser;
  /** A recogniser of another make, whose agreement is asked for before a zone is trusted. */
  readonly secondMrzRecogniser?: MrzLineRecogniser;
}

interface Engines {
  readonly finders: LineFinders;
  /** Reads print beside a zone: all of it, for little. */
  readonly quickPrint: PrintRecogniser;
  /** Reads print where that is not enough, and zones where the two that were made for them disagree. */
  readonly print: TextRecogniser & MrzLineRecogniser;
  readonly mrz: MrzLineRecogniser;
  readonly secondMrz: MrzLineRecogniser;
  readonly tesseract: TesseractReader;
  readonly barcodes: BarcodeReader;
}

/** Opens the models. They take about a quarter of a second and 150 MB; one reader serves one document after the other. */
export async function makeDocumentReader(options: DocumentReaderOptions = {}): Promise<DocumentReader> {
  const [quick, thorough, quickPrint, print, mrz, secondMrz, barcodes] = await Promise.all([
    makeLineFinder(),
    makeTextDetector(),
    makePrintRecogniser(),
    makePpRecogniser(),
    options.mrzRecogniser ?? makeOcrBRecogniser('first'),
    options.secondMrzRecogniser ?? makeOcrBRecogniser('second'),
    makeBarcodeReader(),
  ]);
  const tesseract = makeTesseractReader();
  const finders = { quick, thorough };
  const engines: Engines = { finders, quickPrint, print, mrz, secondMrz, tesseract, barcodes };
  return {
    async read({ front, back, today }) {
      try {
        return await readDocument(engines, front, back, today);
      } finally {
        await tesseract.documentDone();
      }
    },
    async close() {
      await tesseract.close();
      for (const engine of new Set([quick, thorough, quickPrint, print, mrz, secondMrz]))
        await engine.close();
    },
  };
}

type SideName = 'front' | 'back';

/** The sides of a document, of which the second may not be there. */
interface Sides {
  readonly front: Side;
  readonly back: Side | null;
}

async function readDocument(
  engines: Engines,
  front: Uint8Array,
  back: Uint8Array | undefined,
  today: string,
): Promise<DocumentReading> {
  const { finders, mrz } = engines;
  const first = await searchSide(finders, mrz, front);
  if (first.finding?.valid) {
    const other = back === undefined ? null : await openSide(finders, back);
    return readZone(engines, { front: first, back: other }, 'front', today);
  }
  // A card of TD1 size has its zone on the back, and its print on the front (ICAO 9303-5, 2.2.1).
  const second = back === undefined ? null : await searchSide(finders, mrz, back);
  const sides: Sides = { front: first, back: second };
  if (second?.finding && (second.finding.valid || !first.finding))
    return readZone(engines, sides, 'back', today);
  if (first.finding) return readZone(engines, sides, 'front', today);
  return readPrintAndBarcode(engines, sides, today);
}

/** Chance that two independent readings which agree are both right, given that of each. */
const agreeing = (a: number, b: number): number => 1 - (1 - a) * (1 - b);
/** A misreading satisfies a check digit once in ten times. */
const CHECK_DIGIT_PROOF = 0.9;
/** What the agreement of print is taken for. */
const PRINT_PROOF = 0.9;

function zoneConfidence(
  finding: MrzFinding,
  fields: Readonly<Partial<Record<MrzField, string>>>,
  confirmed: ReadonlySet<MrzField>,
): Partial<Record<MrzField, number>> {
  const lowest = lowestPerField(finding.format, finding.lines, finding.confidences);
  const checks: Readonly<Partial<Record<MrzField, boolean>>> = {
    document_number: finding.checks.document_number ?? false,
    date_of_birth: finding.checks.date_of_birth ?? false,
    expires_on: finding.checks.expires_on ?? false,
  };
  const confidence: Partial<Record<MrzField, number>> = {};
  for (const name of MRZ_FIELDS) {
    if (fields[name] === undefined) continue;
    let value = lowest[name];
    if (checks[name] === true) value = agreeing(value, CHECK_DIGIT_PROOF);
    // A check digit that fails means that a character of the field or the digit itself is wrong: no better than even.
    else if (checks[name] === false) value *= 0.5;
    if (confirmed.has(name)) value = agreeing(value, PRINT_PROOF);
    confidence[name] = rounded(value);
  }
  return confidence;
}

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

async function readZone(
  engines: Engines,
  sides: Sides,
  name: SideName,
  today: string,
): Promise<DocumentReading> {
  const zoneSide = sides[name];
  if (!zoneSide?.finding) return readPrintAndBarcode(engines, sides, today);
  const { raster, boxes } = zoneSide;
  const { finding, second } = await witnessMrz(raster, zoneSide.finding, engines.secondMrz, engines.print);
  const fields = parseMrz(finding.format, finding.lines, today);
  // Print stands with the zone, but for a card whose front bears it.
  const printSide = sides.front;
  const sameSide = printSide === zoneSide;
  const {
    lines: witnesses,
    confirmed,
    contradicted,
  } = await readWitnesses(
    {
      raster: printSide.raster,
      boxes: printSide.boxes,
      searchAgain: printSide.by === 'quick' ? () => findPrint(engines.finders, printSide.raster) : null,
      direction: sameSide ? (finding.boxes[0] ?? null) : null,
      zone: sameSide ? finding.boxes : [],
      format: finding.format,
      fields: checkedFields(fields, finding),
      believable: isBelievable({ finding, second }),
      today,
    },
    engines.quickPrint,
    engines.print,
  );
  const judgement = judgeMrz({ finding, fields, confirmed, contradicted, second });
  // Judging the picture costs as much as reading a line: left out where nothing is wrong with what was read.
  const picture = judgement.outcome === 'retry' ? judgeDocument(raster, boxes, { unread: true }) : null;
  const context = {
    ...(fields.document_number && { document_number: fields.document_number }),
    states: [fields.issuer, fields.nationality].filter((code) => code !== undefined),
  };
  const printed = await rereadNumbers(printSide.raster, witnesses, engines.print, context);
  const otherName: SideName = sameSide ? 'back' : name;
  const otherLines = await readOtherSide(engines, sides[otherName], sameSide ? null : finding, context);
  if (isPaymentCard(otherLines)) return { ...PAYMENT_CARD, quality: {} };
  const otherRaster = sides[otherName]?.raster ?? raster;
  const inPrint = [
    ...privatePrint(printSide.raster, printed, context),
    ...repeatedInPrint(printSide.raster, finding, printed),
  ];
  const onOther = privatePrint(otherRaster, otherLines, context);
  const inZone = privateZone(raster, finding);
  return {
    ...(picture ? withPictureFaults(judgement, picture.reasons) : judgement),
    document_type: finding.format,
    mrz: { lines: finding.lines, valid: finding.valid, check_digits: finding.checks },
    barcode: null,
    fields,
    confidence: zoneConfidence(finding, fields, confirmed),
    quality: {
      ...picture?.quality,
      mrz_pitch: rounded(finding.pitch),
      mrz_score: rounded(finding.score),
      mrz_weakest: rounded(finding.weakest),
      mrz_votes: finding.votes,
      mrz_second_agrees: Number(second !== null && isSameText(second, finding)),
      mrz_second_weakest: rounded(second?.weakest ?? 0),
      mrz_weakest_unchecked: rounded(finding.weakestUnchecked),
      mrz_second_weakest_unchecked: rounded(second?.weakestUnchecked ?? 0),
      mrz_sharpness: rounded(zoneSharpness(raster, finding)),
      print_confirmed: confirmed.size,
      print_lines: witnesses.length,
    },
    private_regions: sameSide
      ? regions({ front: [...inZone, ...inPrint], back: onOther })
      : regions({ front: inPrint, back: [...inZone, ...onOther] }),
  };
}

/** The print of the side that no witness was looked for on: it may bear numbers to be masked, or be a payment card. */
async function readOtherSide(
  engines: Engines,
  side: Side | null,
  zone: MrzFinding | null,
  context: DocumentContext,
): Promise<readonly ReadLine[]> {
  if (!side) return [];
  const [direction] = zone?.boxes ?? [];
  if (!zone || !direction) return readPrint(side.raster, side.boxes, null, engines.print);
  const others = side.boxes.filter((box) => !zone.boxes.some((line) => standsIn(line, box)));
  const quick = await readPrint(side.raster, others, direction, engines.quickPrint);
  return rereadNumbers(side.raster, quick, engines.print, context);
}

/** Fields whose check digit fails would contradict print for being misread. */
function checkedFields(
  fields: Readonly<Partial<Record<MrzField, string>>>,
  { checks }: MrzFinding,
): Readonly<Partial<Record<MrzField, string>>> {
  const { document_number, date_of_birth, expires_on, ...others } = fields;
  return {
    ...others,
    ...(document_number !== undefined && checks.document_number && { document_number }),
    ...(date_of_birth !== undefined && checks.date_of_birth && { date_of_birth }),
    ...(expires_on !== undefined && checks.expires_on && { expires_on }),
  };
}

/** Sides without any region are left out. */
function regions(
  found: Readonly<Partial<Record<SideName, readonly PrivateRegion[]>>>,
): DocumentReading['private_regions'] {
  return Object.fromEntries(Object.entries(found).filter(([, list]) => list.length > 0));
}

/** Focus where it matters most: on the zone itself. */
function zoneSharpness(raster: RgbRaster, { boxes }: MrzFinding): number {
  const [line] = boxes;
  return line ? laplacianVariance(cropLine(raster, line, { lineHeight: 32, planes: 1 })) : 0;
}

interface FoundBarcode {
  readonly side: SideName;
  readonly document: AamvaDocument;
}

/** The code stands on the back of a licence (AAMVA DL/ID Card Design Standard, annex D), but people swap the sides. */
async function readBarcode({ barcodes }: Engines, sides: Sides, today: string): Promise<FoundBarcode | null> {
  for (const side of ['back', 'front'] as const) {
    const searched = sides[side];
    if (!searched) continue;
    const [longest] = searched.boxes.toSorted((a, b) => b.length - a.length);
    const found = await barcodes.read(searched.raster, longest?.angle);
    const document = found && parseAamva(found.text, today);
    if (document) return { side, document };
  }
  return null;
}

const PAYMENT_CARD: Omit<DocumentReading, 'quality'> = {
  outcome: 'retry',
  reasons: ['payment_card_detected'],
  document_type: 'none',
  mrz: null,
  barcode: null,
  fields: {},
  confidence: {},
  private_regions: {},
};

/** A licence by its barcode held against its print, or whatever else by its print alone. */
async function readPrintAndBarcode(engines: Engines, sides: Sides, today: string): Promise<DocumentReading> {
  const found = await readBarcode(engines, sides, today);
  // Of a licence the side without the code bears the print; where there is but one side, that one.
  const printName: SideName = found?.side === 'front' && sides.back ? 'back' : 'front';
  const printSide = sides[printName] ?? sides.front;
  const lines = await readPrint(printSide.raster, printSide.boxes, null, engines.print);
  const other = printName === 'front' ? sides.back : sides.front;
  const otherLines = found || !other ? [] : await readPrint(other.raster, other.boxes, null, engines.print);
  if (isPaymentCard(lines) || isPaymentCard(otherLines))
    return { ...PAYMENT_CARD, quality: { print_lines: lines.length } };
  const printed = readPrintedFields(lines, today);
  const context = {
    states: [found?.document.fields.issuer ?? printed.issuer?.value].filter((code) => code !== undefined),
  };
  const otherName: SideName = printName === 'front' ? 'back' : 'front';
  const private_regions = regions({
    [printName]: privatePrint(printSide.raster, lines, context),
    ...(other && { [otherName]: privatePrint(other.raster, otherLines, context) }),
  });
  return found
    ? { ...readLicence(found.document, printSide, lines, printed, today), private_regions }
    : { ...(await readPrintAlone(engines, printSide, lines, printed, today)), private_regions };
}

/** A sound file is taken at its word but for what print says otherwise; a faulty one hardly. */
const BARCODE_CONFIDENCE = { valid: 0.98, faulty: 0.4 } as const;

function readLicence(
  document: AamvaDocument,
  printSide: Side,
  lines: readonly ReadLine[],
  printed: PrintedFields,
  today: string,
): Omit<DocumentReading, 'private_regions'> {
  const { fields, barcode, valid } = document;
  const cross = crossCheckZones({ barcode: fields, printed, lines, today });
  const judgement = judgeBarcode(document, cross);
  const picture =
    judgement.outcome === 'retry' ? judgeDocument(printSide.raster, printSide.boxes, { unread: true }) : null;
  const confidence: Partial<Record<MrzField, number>> = {};
  for (const name of MRZ_FIELDS) {
    if (fields[name] === undefined) continue;
    const alone = valid ? BARCODE_CONFIDENCE.valid : BARCODE_CONFIDENCE.faulty;
    confidence[name] = rounded(cross.confirmed.has(name) ? agreeing(alone, PRINT_PROOF) : alone);
  }
  return {
    ...(picture ? withPictureFaults(judgement, picture.reasons) : judgement),
    document_type: 'AAMVA',
    mrz: null,
    barcode,
    fields,
    confidence,
    quality: { ...picture?.quality, print_lines: lines.length, print_confirmed: cross.confirmed.size },
  };
}

async function readPrintAlone(
  engines: Engines,
  { raster, boxes }: Side,
  lines: readonly ReadLine[],
  printed: PrintedFields,
  today: string,
): Promise<Omit<DocumentReading, 'private_regions'>> {
  const fields: Partial<Record<MrzField, string>> = {};
  const confidence: Partial<Record<MrzField, number>> = {};
  for (const name of MRZ_FIELDS) {
    const found = printed[name];
    if (!found) continue;
    fields[name] = found.value;
    confidence[name] = rounded(await confirmByTesseract(engines, raster, lines, printed, name, today));
  }
  const isDocument = Object.keys(fields).length >= LEAST_FIELDS;
  const picture = judgeDocument(raster, boxes, { unread: !isDocument });
  // Print bears no check digits: whatever was read, a person looks. But first a zone may only be hidden by a bad picture.
  const judgement =
    isDocument && picture.reasons.length === 0
      ? ({ outcome: 'review', reasons: [] } as const)
      : Object.keys(fields).length === 0
        ? // Perhaps it is no document at all: nothing tells soft hills from print that a movement has run together.
          { ...UNREADABLE, reasons: [...new Set([...UNREADABLE.reasons, ...picture.reasons])] }
        : withPictureFaults(UNREADABLE, picture.reasons);
  return {
    ...judgement,
    document_type: 'none',
    mrz: null,
    barcode: null,
    fields,
    confidence,
    quality: { ...picture.quality, print_lines: lines.length },
  };
}

/** Confidence in a printed field after a second reader of another make looked at the same line. */
async function confirmByTesseract(
  { tesseract }: Engines,
  raster: RgbRaster,
  lines: readonly ReadLine[],
  printed: PrintedFields,
  name: MrzField,
  today: string,
): Promise<number> {
  const found = printed[name];
  const line = found && lines[found.line];
  if (!found || !line) return 0;
  const second = await readLine(raster, line.box, tesseract);
  // The same line among the same others: labels that stand on other lines are still needed.
  const others = lines.map((other) => (other === line ? { ...other, text: second.text } : other));
  const agrees = readPrintedFields(others, today)[name]?.value === found.value;
  return agrees ? agreeing(found.confidence, second.confidence) : found.confidence / 2;
}
