/** What a document says in print, and how its zones are held against each other. */
export type { PrintedFields, PrintedLine } from './printed/printed-line.js';
export { readPrintedFields } from './printed/read-fields.js';
export { printedDates } from './printed/printed-dates.js';
export {
  confirmedByPrint,
  contradictedByPrint,
  crossCheckZones,
  type CrossCheck,
  type ZoneFields,
} from './printed/cross-check.js';
