import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDailyLog } from '../../src/adapters/daily-log.js';

const DAY_MS = 24 * 3_600_000;
let folder: string;
let file: string;
let now: Date;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'lethe-log-'));
  file = path.join(folder, 'access.log');
  now = new Date('2026-03-01T12:00:00Z');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = () => openDailyLog(file, 7 * DAY_MS, () => now);

describe('a log by days', () => {
  it('has a file a day, and none older than it may be', () => {
    const log = open();
    for (let day = 1; day <= 12; day++) {
      now = new Date(`2026-03-${String(day).padStart(2, '0')}T23:59:59Z`);
      log.write(`line ${day}`);
    }
    log.close();
    // The fourth was over at the first midnight: on the twelfth seven days have passed since.
    expect(readdirSync(folder).sort()).toEqual([
      'access.log',
      ...['05', '06', '07', '08', '09', '10', '11'].map((day) => `access.log.2026-03-${day}`),
    ]);
    expect(readFileSync(file, 'utf8')).toBe('line 12\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('goes on where it stopped on the same day, and turns what another day has left', () => {
    const first = open();
    first.write('one');
    first.close();
    utimesSync(file, now, now);
    const second = open();
    second.write('two');
    second.close();
    expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n');
    utimesSync(file, now, now);
    now = new Date(now.getTime() + 3 * DAY_MS);
    open().close();
    expect(readdirSync(folder).sort()).toEqual(['access.log', 'access.log.2026-03-01']);
    now = new Date(now.getTime() + 6 * DAY_MS);
    utimesSync(file, now, now);
    open().close();
    expect(readdirSync(folder)).toEqual(['access.log']);
  });

  it('touches nothing that is not its own', () => {
    writeFileSync(path.join(folder, 'api.log.2020-01-01'), '');
    writeFileSync(path.join(folder, 'access.log.gz'), '');
    open().close();
    expect(readdirSync(folder).sort()).toEqual(['access.log', 'access.log.gz', 'api.log.2020-01-01']);
  });
});
