/**
 * Draws documents of invented persons with their `truth.json`: `draw-material FOLDER TODAY FONT SET`. A process of its own, because drawing
 * needs a loader that no process which decodes pictures of others may have.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DocumentTruth } from '../../eval/documents/truth.js';
import type { MrzFormat } from '../../src/domain/mrz.js';
import { HARD_CONDITIONS, type Conditions } from '../../src/sandbox/samples/conditions.js';
import {
  drawDocument,
  type DocumentKind,
  type DrawnDocument,
  type TrueFields,
} from '../../src/sandbox/samples/draw-document.js';
import { makeDrawingKit } from '../../src/sandbox/samples/draw-samples.js';
import { makeRandom, pick } from '../../src/sandbox/samples/random.js';

/** Names that any reader can spell: marks are a matter of their own. */
const SURNAMES = ['Abernathy', 'Braga', 'Castellan', 'Duval', 'Ekstrom', 'Farkas', 'Gallagher', 'Holloway'];
const GIVEN_NAMES = ['Anna Marie', 'Bruno', 'Celeste', 'Dario Luca', 'Emilia', 'Finn', 'Greta Sol', 'Hugo'];

const ZONE_KINDS = [
  'passport',
  'card',
  'td2_card',
  'visa_a',
  'visa_b',
] as const satisfies readonly DocumentKind[];
const PRINT_KINDS = ['plain_card', 'numbered_licence'] as const satisfies readonly DocumentKind[];

interface Planned {
  readonly kind: DocumentKind;
  readonly seed: string;
  readonly condition: string;
  readonly conditions: Conditions;
}

/** As phones take them on an ordinary day: nothing bad, nothing perfect. */
function ordinary(seed: string): Conditions {
  const random = makeRandom(`${seed}/conditions`);
  return {
    blur: random.between(0.4, 1.1),
    jpeg: Math.round(random.between(75, 92)),
    perspective: random.between(0, 8),
    rotation: random.between(-4, 4),
    noise: random.between(1, 6),
  };
}

/** Sets by name: `bench`, few documents of each kind, and `conditions`, each kind under each condition. */
const SETS: Readonly<Record<string, () => readonly Planned[]>> = {
  bench: () => {
    const planned = (kinds: readonly DocumentKind[], count: number) =>
      Array.from({ length: count }, (_, i): Planned => {
        const seed = `bench/${i}`;
        const kind = kinds[i % kinds.length] ?? 'passport';
        return { kind, seed, condition: 'ordinary', conditions: ordinary(`${kind}/${seed}`) };
      });
    return [...planned(ZONE_KINDS, 10), ...planned(PRINT_KINDS, 6)];
  },
  conditions: () =>
    Object.entries(HARD_CONDITIONS).flatMap(([condition, conditions]) =>
      [...ZONE_KINDS, ...PRINT_KINDS].flatMap((kind) =>
        [0, 1].map((i): Planned => ({ kind, seed: `${condition}/${i}`, condition, conditions })),
      ),
    ),
};

const PRINTED_FIELDS = [
  'surname',
  'given_names',
  'date_of_birth',
  'document_number',
  'expires_on',
] as const satisfies readonly (keyof TrueFields)[];

function truthOf({ truth }: DrawnDocument, condition: string, back: string | undefined): DocumentTruth {
  const lines = truth.mrz ?? [];
  const fields = Object.fromEntries(
    PRINTED_FIELDS.flatMap((name) => {
      const value = truth.fields[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    fmt: truth.format satisfies MrzFormat | 'AAMVA' | 'none',
    lines,
    check_digits: lines.map(() => true),
    condition,
    ...(lines.length === 0 && { fields }),
    ...(back !== undefined && { back }),
  };
}

const [folder, today, font, set = 'bench'] = process.argv.slice(2);
const plan = SETS[set];
if (folder === undefined || today === undefined || font === undefined || !plan) throw new Error('wrong_use');
await mkdir(folder, { recursive: true });
const kit = await makeDrawingKit(font);
const truths: Record<string, DocumentTruth> = {};
for (const [i, { kind, seed, condition, conditions }] of plan().entries()) {
  const random = makeRandom(`${kind}/${seed}/names`);
  const holder = {
    surname: pick(random, SURNAMES),
    givenNames: pick(random, GIVEN_NAMES),
  };
  const drawn = await drawDocument(kind, seed, { kit, today, conditions, holder });
  const name = `${String(i).padStart(3, '0')}-${kind}-${condition}`;
  const back = drawn.back && `${name}-back.jpg`;
  // A reader of one picture is given the side with the zone.
  const shown = drawn.truth.mrz && drawn.back ? drawn.back : drawn.front;
  await writeFile(path.join(folder, `${name}.jpg`), shown);
  if (drawn.back && back !== undefined && shown !== drawn.back)
    await writeFile(path.join(folder, back), drawn.back);
  truths[`${name}.jpg`] = truthOf(drawn, condition, shown === drawn.back ? undefined : back);
}
await writeFile(path.join(folder, 'truth.json'), JSON.stringify(truths, null, 1));
process.disconnect?.();
