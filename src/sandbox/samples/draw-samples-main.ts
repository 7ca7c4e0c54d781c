/** Entry of the process that draws the samples: arguments are the folder, today's date and the OCR-B font file. */
import { drawSamples } from './draw-samples.js';

const [outDir, today, ocrbFont] = process.argv.slice(2);

if (outDir === undefined || today === undefined || ocrbFont === undefined) {
  process.exitCode = 2;
} else {
  await drawSamples(outDir, { today, ocrbFont });
}
