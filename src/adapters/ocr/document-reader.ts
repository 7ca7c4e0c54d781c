import type { DocumentReader, DocumentReading } from '../../app/ports/document-reader.js';
import {
  confirmedByPrint,
  contradictedByPrint,
  readPrintedFields,
  type PrintedFields,
} from '../../domain/document-fields.js';
import { AppError, EngineError } from '../../domain/errors.js';
import { IMAGE_LIMITS } from '../../domain/image-policy.js';
import { lowestPerField, MRZ_FIELDS, parseMrz, type MrzField } from '../../domain/mrz.js';
import { decodeRgb } from '../images/decode.js';
import { judgeDocument } from '../images/judge-document.js';
import type { RgbRaster } from '../images/raster.js';
import { judgeMrz, UNREADABLE, withPictureFaults } from './judge-reading.js';
import { makePpRecogniser, type MrzLineRecogniser, type TextRecogniser } from './line-recogniser.js';
import { findMrz, rereadMrz, type MrzFinding } from './mrz-finder.js';
import { readLine, readPrint, type ReadLine } from './printed-zone.js';
import { makeTesseractReader, type TesseractReader } from './tesseract-reader.js';
import { cropLine, laplacianVariance, mergeCollinear, standsIn, type TextBox } from './text-box.js';
import { makeTextDetector, type TextDetector } from './text-detector.js';

/** Longer side, in pixels, at which lines are looked for: at 960 all zones of a data page that fills the frame are found. */
const DETECTION_SIDE = 960;
/** Printed fields that must be found for a page without a zone to be taken for a document at all. */
const LEAST_FIELDS = 2;

export interface DocumentReaderOptions {
  /** Reads zones first; by default the general recogniser that reads print. */
  readonly mrzRecogniser?: MrzLineRecogniser;
  /** A recogniser of another make, whose agreement is asked for before a zone is trusted. */
  readonly secondMrzRecogniser?: MrzLineRecogniser;
}

interface Engines {
  readonly detector: TextDetector;
  readonly print: TextRecogniser;
  readonly mrz: MrzLineRecogniser;
  readonly secondMrz: MrzLineRecogniser | null;
  readonly tesseract: TesseractReader;
}

/** One side of a document, searched. */
interface Side {
  readonly raster: RgbRaster;
  readonly boxes: readonly TextBox[];
  readonly finding: MrzFinding | null;
}

/** Opens the models. They take about a quarter of a second and 150 MB; one reader serves one document after the other. */
export async function makeDocumentReader(options: DocumentReaderOptions = {}): Promise<DocumentReader> {
  const [detector, pp] = await Promise.all([makeTextDetector(), makePpRecogniser()]);
  const engines: Engines = {
    detector,
    print: pp,
    mrz: options.mrzRecogniser ?? pp,
    secondMrz: options.secondMrzRecogniser ?? null,
    tesseract: makeTesseractReader(),
  };
  return {
    async read({ front, back, today }) {
      try {
        return await readDocument(engines, front, back, today);
      } finally {
        await engines.tesseract.documentDone();
      }
    },
    async close() {
      await engines.tesseract.close();
      const open = new Set<{ close(): Promise<void> }>([detector, pp, engines.mrz]);
      if (engines.secondMrz) open.add(engines.secondMrz);
      for (const engine of open) await engine.close();
    },
  };
}

async function readDocument(
  engines: Engines,
  front: Uint8Array,
  back: Uint8Array | undefined,
  today: string,
): Promise<DocumentReading> {
  const first = await search(engines, front);
  if (first.finding) return readZone(engines, first, first.finding, first, today);
  // A card of TD1 size has its zone on the back, and its print on the front (ICAO 9303-5, 2.2.1).
  const second = back === undefined ? null : await search(engines, back);
  if (second?.finding) return readZone(engines, second, second.finding, first, today);
  return readPrintAlone(engines, first, today);
}

async function search({ detector, mrz }: Engines, bytes: Uint8Array): Promise<Side> {
  const raster = await decode(bytes);
  const boxes = mergeCollinear(await detector.detect(raster, DETECTION_SIDE));
  return { raster, boxes, finding: await findMrz(raster, boxes, mrz) };
}

async function decode(bytes: Uint8Array): Promise<RgbRaster> {
  try {
    return await decodeRgb(bytes, { maxSide: IMAGE_LIMITS.normalisedSide });
  } catch (error) {
    // Uploads were judged before; what cannot be decoded here is a fault of the caller's, not of the learner's request.
    throw error instanceof AppError ? new EngineError('image_undecodable', { cause: error }) : error;
  }
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

/** What print is searched for until it is found: whom the document is about. The rest is well covered by check digits. */
const WITNESSED: readonly MrzField[] = ['surname', 'given_names', 'date_of_birth'];

/** Length of a date in print (`17 MAR 1994`), for recognising lines that may hold one. */
const PRINTED_DATE = '00 AAA 0000';

async function readWitnesses(
  engines: Engines,
  printSide: Side,
  direction: TextBox | null,
  zone: readonly TextBox[],
  fields: Readonly<Partial<Record<MrzField, string>>>,
  today: string,
): Promise<readonly ReadLine[]> {
  const { raster } = printSide;
  const boxes = printSide.boxes.filter((box) => !zone.some((line) => standsIn(line, box)));
  const texts = [fields.surname, fields.given_names, PRINTED_DATE].filter((text) => text !== undefined);
  const enough = (lines: readonly ReadLine[]) => {
    const confirmed = confirmedByPrint(fields, lines, today);
    return WITNESSED.every((name) => fields[name] === undefined || confirmed.has(name));
  };
  return readPrint(raster, boxes, direction, engines.print, { texts, enough });
}

async function readZone(
  engines: Engines,
  zoneSide: Side,
  finding: MrzFinding,
  printSide: Side,
  today: string,
): Promise<DocumentReading> {
  const fields = parseMrz(finding.format, finding.lines, today);
  const sameSide = zoneSide === printSide;
  const [direction = null] = sameSide ? finding.boxes : [];
  const lines = await readWitnesses(
    engines,
    printSide,
    direction,
    sameSide ? finding.boxes : [],
    fields,
    today,
  );
  const confirmed = confirmedByPrint(fields, lines, today);
  const contradicted = contradictedByPrint(fields, readPrintedFields(lines, today), confirmed);
  const again = engines.secondMrz && (await rereadMrz(zoneSide.raster, finding, engines.secondMrz));
  const judgement = judgeMrz({
    finding,
    fields,
    confirmed,
    contradicted,
    secondReader: engines.secondMrz ? again?.lines.join() === finding.lines.join() : null,
  });
  // Judging the picture costs as much as reading a line: left out where nothing is wrong with what was read.
  const picture = judgement.outcome === 'retry' ? judgeDocument(zoneSide.raster) : null;
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
      mrz_sharpness: rounded(zoneSharpness(zoneSide.raster, finding)),
      print_confirmed: confirmed.size,
    },
  };
}

/** Focus where it matters most: on the zone itself. */
function zoneSharpness(raster: RgbRaster, { boxes }: MrzFinding): number {
  const [line] = boxes;
  return line ? laplacianVariance(cropLine(raster, line, 32)) : 0;
}

async function readPrintAlone(
  engines: Engines,
  { raster, boxes }: Side,
  today: string,
): Promise<DocumentReading> {
  const lines = await readPrint(raster, boxes, null, engines.print);
  const printed = readPrintedFields(lines, today);
  const fields: Partial<Record<MrzField, string>> = {};
  const confidence: Partial<Record<MrzField, number>> = {};
  for (const name of MRZ_FIELDS) {
    const found = printed[name];
    if (!found) continue;
    fields[name] = found.value;
    confidence[name] = rounded(await confirmByTesseract(engines, raster, lines, printed, name, today));
  }
  const picture = judgeDocument(raster);
  const isDocument = Object.keys(fields).length >= LEAST_FIELDS;
  // Print bears no check digits: whatever was read, a person looks. But first a zone may only be hidden by a bad picture.
  const judgement =
    isDocument && picture.reasons.length === 0
      ? ({ outcome: 'review', reasons: [] } as const)
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
