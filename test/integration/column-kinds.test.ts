import { CamelCasePlugin, sql } from 'kysely';
import { COLUMN_KINDS, type ColumnKind } from '../../src/adapters/postgres/column-kinds.js';
import { RETENTION } from '../../src/domain/retention.js';
import { makeForgettingWorld, type ForgettingWorld } from '../support/forgetting-world.js';

let world: ForgettingWorld;
beforeAll(async () => {
  world = await makeForgettingWorld();
}, 180_000);
afterAll(() => world.dispose());

const camel = (name: string) => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

describe('every column of the database', () => {
  it('is of a kind that has its rule, and no kind stands for a column that there is not', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as "table", column_name as "column" from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely%'`.execute(
      world.store.db.withoutPlugins().withPlugin(new CamelCasePlugin()),
    );
    expect(rows.length).toBeGreaterThan(150);
    const kinds = COLUMN_KINDS as Readonly<Record<string, unknown>>;
    const used = new Set<string>();
    const missing = rows.filter(({ table, column }) => {
      const ofTable = kinds[camel(table)];
      const isByColumn = typeof ofTable === 'object' && ofTable !== null && !Array.isArray(ofTable);
      const found = isByColumn ? (ofTable as Record<string, unknown>)[camel(column)] : ofTable;
      for (const kind of [found].flat()) if (typeof kind === 'string') used.add(kind);
      return found === undefined;
    });
    expect(missing).toEqual([]);
    expect(Object.keys(kinds).sort()).toEqual([...new Set(rows.map(({ table }) => camel(table)))].sort());

    const ruled = new Set<string>([...Object.keys(RETENTION), 'operation' satisfies ColumnKind]);
    expect([...used].filter((kind) => !ruled.has(kind))).toEqual([]);
    // What has a rule and no column is never stored, or stands in a file.
    expect([...ruled].filter((kind) => !used.has(kind)).sort()).toEqual([
      'access_log',
      'challenge_frame',
      'face_template',
    ]);
  });
});
