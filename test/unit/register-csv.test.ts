import type { DisclosureRow } from '../../src/app/ports/third-parties.js';
import { REGISTER_HEAD, registerLine } from '../../src/http/register-csv.js';

const ROW: DisclosureRow = {
  id: 'dsc_1',
  tenantId: 'ten_1',
  livemode: true,
  recipientId: 'rcp_1',
  recipientName: 'Example University',
  recipientKind: 'member',
  purpose: 'certificate',
  fields: ['status', 'decided_at'],
  erased: [],
  verificationId: 'ver_1',
  courseId: null,
  people: 1,
  legalBasis: null,
  learnerNotice: 'given',
  disclosedBy: 'staff:officer',
  disclosedAt: new Date('2026-06-01T12:00:00Z'),
};

describe('the register as CSV', () => {
  it('has as many cells in each line as in its head, lists among them', () => {
    expect(REGISTER_HEAD.split(',')).toHaveLength(16);
    expect(registerLine(ROW)).toBe(
      '"dsc_1","2026-06-01T12:00:00.000Z","ten_1","true","rcp_1","Example University","member","certificate",' +
        '"status decided_at","","ver_1","","1","","given","staff:officer"\r\n',
    );
  });

  it('keeps quotes, commas and line breaks inside their cell', () => {
    expect(registerLine({ ...ROW, legalBasis: 'order "7",\nsecond line' })).toContain(
      ',"order ""7"",\nsecond line",',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'is no formula to a spreadsheet: %j',
    (recipientName) => {
      expect(registerLine({ ...ROW, recipientName })).toContain(`,"'${recipientName}",`);
    },
  );
});
