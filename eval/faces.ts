import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import type { FaceEngineName } from '../src/adapters/face/face-engine-choice.js';
import { makeFaceEngine } from '../src/adapters/face/face-engine.js';
import type { OnnxFaceEngine } from '../src/adapters/face/compose-engine.js';
import { makePortraitNetworks } from '../src/adapters/face/portrait-networks.js';
import { decodeRgb, restrictLoaders } from '../src/adapters/images/decode.js';
import { encodeNormalised } from '../src/adapters/images/normalise.js';
import type { RgbRaster } from '../src/adapters/images/raster.js';
import { FACE_POLICY } from '../src/domain/face-policy.js';
import { IMAGE_LIMITS } from '../src/domain/image-policy.js';
import { asMarkdown, type Table } from './documents/tally.js';
import { drawDistributions, drawTradeOff } from './faces/curves.js';
import { FACE_CONDITIONS } from './faces/degrade.js';
import {
  figuresOf,
  groupTable,
  operatingTable,
  overviewTable,
  ratesTable,
  scorePairs,
  tailTable,
  type Figures,
  type ScoredPair,
} from './faces/figures.js';
import { renderFacesPage, type PairSection, type ShownPair } from './faces/page.js';
import { judgeCovered } from './faces/occlude.js';
import { readPairs } from './faces/pairs.js';
import { embedSets } from './faces/templates.js';

export interface EvaluateFacesOptions {
  /** Folder with `pairs.csv`: `a,b,same` (1 = one person), perhaps `group`; paths relative to the file. */
  readonly folder: string;
  /** Also with the second picture of each pair made worse in all the ways of `FACE_CONDITIONS`. */
  readonly degrade: boolean;
  readonly engine: FaceEngineName;
  /** Where the page goes; a folder of its own in the place for temporary files where none is named. */
  readonly out?: string;
  /** Takes a line of the answer, without its end. */
  readonly print: (line: string) => void;
  /** Takes a line for the person who waits. */
  readonly progress: (line: string) => void;
}

const CLEAN = 'clean';
/** Pairs of each kind on the page, and the height of their pictures. */
const SHOWN_PAIRS = 8;
const SHOWN_HEIGHT = 160;

/** Prints how often a face engine is wrong on a folder of pairs, with what that proves, and writes a page with curves and the worst pairs. */
export async function evaluateFaces(options: EvaluateFacesOptions): Promise<void> {
  const { folder, degrade, print, progress } = options;
  restrictLoaders();
  const pairs = await readPairs(path.join(folder, 'pairs.csv'));
  const engine = makeFaceEngine(options.engine);
  try {
    const conditions = degrade ? FACE_CONDITIONS : [];
    const { clean, degraded } = await embedSets(engine, pairs, folder, conditions, progress);
    const seconds = [[CLEAN, clean] as const, ...degraded];
    const figures = seconds.map(([name, second]) =>
      figuresOf(name, scorePairs(pairs, clean, second, engine.similarity), FACE_POLICY.pass),
    );
    const pictures = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))];
    const covered = degrade ? [await coverTable(engine, pictures, folder)] : [];
    const tables = [...tablesOf(figures), ...covered];
    print(`Engine ${engine.model}\n`);
    for (const table of tables) print(asMarkdown(table));
    print(`Page with curves and the worst pairs: ${await writePage(figures, tables, options)}`);
  } finally {
    await engine.close();
  }
}

function tablesOf(figures: readonly Figures[]): readonly Table[] {
  // One threshold for all groups and conditions, as in service.
  const groups = figures.map((each) => groupTable(each, FACE_POLICY.pass)).filter((table) => table !== null);
  return [
    overviewTable(figures),
    ratesTable(figures),
    operatingTable(figures, FACE_POLICY.pass),
    tailTable(figures, FACE_POLICY.pass),
    ...groups,
  ];
}

/** How often a face with something before it is asked for again, and how often one without. */
async function coverTable(
  engine: Pick<OnnxFaceEngine, 'detect'>,
  pictures: readonly string[],
  folder: string,
): Promise<Table> {
  const networks = makePortraitNetworks();
  const detect = async (raster: RgbRaster) =>
    (await engine.detect(await encodeNormalised(raster)))[0] ?? null;
  const asked = new Map<string, number>();
  try {
    for (const name of pictures) {
      const image = await readFile(path.resolve(folder, name));
      const raster = await decodeRgb(image, { maxSide: IMAGE_LIMITS.normalisedSide });
      for (const [cover, isAsked] of await judgeCovered(networks, raster, detect))
        asked.set(cover, (asked.get(cover) ?? 0) + Number(isAsked));
    }
  } finally {
    await networks.close();
  }
  return {
    title: 'Covered faces, drawn over these pictures: asked for again',
    head: ['before the face', 'asked for again', 'pictures'],
    rows: [...asked].map(([cover, count]) => [cover, count, pictures.length]),
  };
}

/** @returns the page's path. It shows faces, so nobody else may read it. */
async function writePage(
  figures: readonly Figures[],
  tables: readonly Table[],
  { folder, out }: EvaluateFacesOptions,
): Promise<string> {
  const drawings = [
    {
      title: 'Detection error trade-off',
      svg: drawTradeOff(figures.map(({ condition, scores }) => ({ name: condition, scores }))),
    },
    ...figures.map(({ condition, scores }) => ({
      title: `Scores, ${condition}`,
      svg: drawDistributions(scores, FACE_POLICY.pass),
    })),
  ];
  const sections: PairSection[] = [];
  for (const { condition, pairs } of figures) sections.push(...(await worstPairs(condition, pairs, folder)));
  const html = renderFacesPage(tables, drawings, sections);
  const file = out ?? path.join(await mkdtemp(path.join(tmpdir(), 'lethe-eval-')), 'faces.html');
  // A file that was there would keep its own, perhaps wider, permissions.
  await rm(file, { force: true });
  await writeFile(file, html, { mode: 0o600, flag: 'wx' });
  return file;
}

async function worstPairs(
  condition: string,
  pairs: readonly ScoredPair[],
  folder: string,
): Promise<readonly PairSection[]> {
  const byScore = pairs.toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const lowest = byScore.filter(({ isGenuine }) => isGenuine).slice(0, SHOWN_PAIRS);
  const highest = byScore.filter(({ isGenuine }) => !isGenuine).slice(-SHOWN_PAIRS);
  return [
    { title: `One person, lowest scores, ${condition}`, pairs: await showPairs(lowest, folder) },
    { title: `Two persons, highest scores, ${condition}`, pairs: await showPairs(highest.reverse(), folder) },
  ];
}

const showPairs = (pairs: readonly ScoredPair[], folder: string): Promise<readonly ShownPair[]> =>
  Promise.all(
    pairs.map(async ({ a, b, score }) => ({
      a,
      b,
      score,
      pictures: [await smallCopy(path.resolve(folder, a)), await smallCopy(path.resolve(folder, b))] as const,
    })),
  );

const smallCopy = async (file: string): Promise<Uint8Array | null> =>
  sharp(await readFile(file), { failOn: 'none' })
    .autoOrient()
    .resize({ height: SHOWN_HEIGHT })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: 70 })
    .toBuffer()
    .catch(() => null);
