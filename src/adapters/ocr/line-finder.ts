import path from 'node:path';
import { projectRoot } from '../../project-root.js';
import { greyOf } from '../images/raster.js';
import { resampleLuma } from '../images/resample.js';
import { openModel, runModel } from './models.js';
import { searchedSize, type TextDetector } from './text-detector.js';
import { linesOf, type MapRule } from './text-regions.js';

/** Where the trained weights lie, with their card. */
const WEIGHTS = path.join(projectRoot, 'training', 'weights', 'finder.onnx');

/** The network gives a map half as large as what it is shown (`training/page_render.py`). */
const CELL = 2;
/** Set on photographs, so that boxes are as those of the general detector, for whose crops the readers were trained. */
const RULE: MapRule = { pixel: 0.35, region: 0.5, smallest: 5, unclip: 1.5 };

/**
 * A finder of lines, trained by the project on nothing but pages that it rendered (`training/`): about a sixth of the time of a general
 * detector. It knows documents, and little else.
 *
 * @throws EngineError `engine_failed`
 */
export async function makeLineFinder(): Promise<TextDetector> {
  const session = await openModel(WEIGHTS);
  return {
    async detect(raster, side) {
      const { width, height } = searchedSize(raster, side);
      const input = resampleLuma(greyOf(raster), width, height);
      for (let i = 0; i < input.length; i++) input[i] = (input[i]! - 127.5) / 127.5;
      const { values } = await runModel(session, input, [1, 1, height, width]);
      return linesOf({ values, width: width / CELL, height: height / CELL }, raster, RULE);
    },
    close: () => session.release(),
  };
}
