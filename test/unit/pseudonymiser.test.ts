import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { makePseudonymiser } from '../../src/adapters/pseudonymiser.js';

const folders: string[] = [];
async function freshPseudonymiser() {
  const keyDir = await mkdtemp(path.join(os.tmpdir(), 'lethe-pseudonyms-'));
  folders.push(keyDir);
  return { keyDir, pseudonymiser: await makePseudonymiser({ keyDir }) };
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

describe('pseudonyms', () => {
  it('are the same for the same learner of a tenant, also after a restart', async () => {
    const { keyDir, pseudonymiser } = await freshPseudonymiser();
    const again = await makePseudonymiser({ keyDir });
    expect(again.pseudonym('ten_a', 'learner-1')).toBe(pseudonymiser.pseudonym('ten_a', 'learner-1'));
  });

  it('differ by learner and by tenant, so that tenants cannot compare', async () => {
    const { pseudonymiser } = await freshPseudonymiser();
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.string(),
        fc.string(),
        (tenant, learner, otherTenant, other) => {
          fc.pre(tenant !== otherTenant || learner !== other);
          expect(pseudonymiser.pseudonym(tenant, learner)).not.toBe(
            pseudonymiser.pseudonym(otherTenant, other),
          );
        },
      ),
    );
    expect(pseudonymiser.pseudonym('a', 'bc')).not.toBe(pseudonymiser.pseudonym('ab', 'c'));
  });

  it('cannot be made without the key', async () => {
    const [one, other] = [await freshPseudonymiser(), await freshPseudonymiser()];
    expect(one.pseudonymiser.pseudonym('ten_a', 'learner-1')).not.toBe(
      other.pseudonymiser.pseudonym('ten_a', 'learner-1'),
    );
  });

  it('say nothing of the learner, are recognisable, and are of one length', async () => {
    const { pseudonymiser } = await freshPseudonymiser();
    fc.assert(
      fc.property(fc.string({ minLength: 6, maxLength: 128 }), (learner) => {
        const pseudonym = pseudonymiser.pseudonym('ten_a', learner);
        expect(pseudonym).toMatch(/^erased_[A-Za-z0-9_-]{43}$/);
        expect(pseudonym).not.toContain(learner);
      }),
    );
  });
});
