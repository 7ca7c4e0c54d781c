import { readFileSync } from 'node:fs';
import path from 'node:path';
import { NO_FACTS } from '../../src/cli/records.js';
import { DISCLOSURES } from '../../src/domain/disclosure.js';
import { impactAssessment, processingRecord } from '../../src/domain/processing-record.js';
import { RETENTION } from '../../src/domain/retention.js';

const docs = path.resolve(import.meta.dirname, '../../docs');

describe('the record of processing', () => {
  it.each([
    ['record-of-processing.md', processingRecord],
    ['dpia.md', impactAssessment],
  ])('in docs/%s is what the tables give (npm run generate)', (file, make) => {
    expect(readFileSync(path.join(docs, file), 'utf8')).toBe(make(NO_FACTS));
  });

  it('names every kind of data with its end, and every purpose with its fields', () => {
    const text = processingRecord(NO_FACTS);
    for (const [kind, { until }] of Object.entries(RETENTION))
      expect(text).toMatch(new RegExp(`\\| ${kind} \\|.*${until.slice(0, 20)}`));
    for (const [purpose, cells] of Object.entries(DISCLOSURES)) {
      const line = text.split('\n').find((each) => each.startsWith(`| ${purpose} |`))!;
      for (const [field, allowed] of Object.entries(cells))
        expect([field, line.includes(field)]).toEqual([field, allowed]);
    }
  });

  it('names the operator’s own policy and recipients where they are given', () => {
    const text = processingRecord({
      ...NO_FACTS,
      policy: {
        version: 'v7',
        effectiveAt: new Date('2026-03-01T00:00:00Z'),
        publishedAt: new Date('2026-02-01T00:00:00Z'),
        digest: '',
        document: {
          title: '',
          summary: '',
          purposes: [{ code: 'authenticate', text: 'To know who you are.' }],
          collects: [],
          never_collects: ['payment data'],
          processing_country: 'SE',
          contact: 'privacy@example.org',
        },
      },
      recipients: [
        { name: 'A | University', kind: 'member', purposes: ['certificate'], agreementRef: 'A-1' },
      ],
    });
    expect(text).toContain('v7, since 2026-03-01');
    expect(text).toContain('To know who you are.');
    expect(text).toContain('| A \\| University | member | certificate | A-1 |');
  });
});
