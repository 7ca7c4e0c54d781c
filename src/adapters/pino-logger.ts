import { pino } from 'pino';
import type { LogFields, Logger } from '../app/ports/logger.js';

/** What may stand in a line: checked again here, for a cast elsewhere must not let a name through. */
const ALLOWED: ReadonlySet<string> = new Set<keyof LogFields>([
  'request_id',
  'verification_id',
  'task_id',
  'kind',
  'code',
  'status',
  'route',
  'ms',
  'count',
  'pid',
  'port',
]);

const CODE = /^[A-Za-z0-9_:.{}/-]{0,128}$/;

function onlyAllowed(fields: LogFields | undefined): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (!ALLOWED.has(name)) continue;
    if (typeof value === 'number' || (typeof value === 'string' && CODE.test(value))) kept[name] = value;
  }
  return kept;
}

/** JSON lines on standard output. */
export function makeLogger(service: string): Logger {
  const log = pino({ base: { service }, messageKey: 'event', timestamp: pino.stdTimeFunctions.isoTime });
  return {
    info: (event, fields) => log.info(onlyAllowed(fields), event),
    warn: (event, fields) => log.warn(onlyAllowed(fields), event),
    error: (event, fields) => log.error(onlyAllowed(fields), event),
  };
}
