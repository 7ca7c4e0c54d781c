import type { Browser, Page } from 'playwright-core';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { accessibilityFaults, overflow } from './support/accessibility.js';
import { launchBrowser, visit, type Visit } from './support/browser.js';

/** A hang, and not a slow machine: whole verifications run in here. */
import.meta.jest.setTimeout(240_000);

type Who = 'reviewer' | 'reviewer_2' | 'senior_reviewer';

let sandbox: Sandbox;
let api: Api;
let browser: Browser;
let current: Visit;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  sandbox = await startSandbox({ env: { CONFIRM_DECISIONS: 'decline' } });
  api = makeApi(sandbox.info);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.dispose();
});

beforeEach(async () => {
  current = await visit(browser, sandbox.info.base_url);
  page = current.page;
});

afterEach(async () => {
  const { complaints } = current;
  await current.close();
  expect(complaints).toEqual([]);
});

const click = (name: string) => page.getByRole('button', { name, exact: true }).click();
const appears = (text: string | RegExp) => page.getByText(text).first().waitFor();
const staff = (who: Who, url: string, body?: object) =>
  api.call('POST', url, { token: sandbox.info.tokens[who], ...(body ? { body } : {}) });

async function openCase(): Promise<string> {
  const { id } = await api.verify('approve', { expected: { full_name: 'Amelia Hartwell' } });
  return id;
}

/** Decided by the API: what waits is what the page has to show. */
async function propose(who: Who = 'reviewer'): Promise<string> {
  const id = await openCase();
  await staff(who, `/v1/reviews/${id}/claim`);
  const decision = { decision: 'decline', reasons: ['name_mismatch'] };
  const { body } = await staff(who, `/v1/reviews/${id}/decision`, decision);
  expect(body.proposed).toMatchObject({ decision: 'decline' });
  return id;
}

async function openAs(who: Who, id: string): Promise<void> {
  await page.goto(`${sandbox.info.base_url}/review`);
  await page.getByLabel('Token').fill(sandbox.info.tokens[who]);
  await page.keyboard.press('Enter');
  await appears('As of');
  await click(`Open case ${id.slice(-6)}`);
  await appears('Expected and found');
}

describe('a decision that waits for a second person', () => {
  it('is told to whoever made it, marked in the list, and leaves them nothing to do', async () => {
    const id = await openCase();
    await openAs('reviewer', id);
    await click('Claim this review');
    await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
    await page.getByLabel('Decline').check();
    await page.getByLabel('Name differs').check();
    await click('Decline');
    await appears('Decided: Declined. It waits for a second person.');
    expect((await api.get(id)).status).toBe('in_review');

    const row = page.getByRole('row').filter({ hasText: id.slice(-6) });
    await row.getByText('waits for a second person').waitFor();
    await click(`Open case ${id.slice(-6)}`);
    await appears('You decided: Declined.');
    await appears('It takes effect when a senior reviewer agrees.');
    for (const name of ['Claim this review', 'Agree: Declined', 'Do not agree'])
      expect(await page.getByRole('button', { name, exact: true }).count()).toBe(0);
  });

  it('takes effect when a senior reviewer has seen who decided what and why, looked, and agreed', async () => {
    const id = await propose();
    await openAs('senior_reviewer', id);
    await appears('reviewer decided: Declined.');
    await appears('Reasons: Name differs');
    await click('Claim this review');
    await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
    expect(await page.getByLabel('Approve').count()).toBe(0);
    await click('Agree: Declined');
    await appears('You agreed: Declined.');
    expect(await api.get(id)).toMatchObject({ status: 'declined', reasons: [{ code: 'name_mismatch' }] });
  });

  it('goes to a third person when they do not agree, and to neither of the two', async () => {
    const id = await propose();
    await openAs('senior_reviewer', id);
    await click('Do not agree');
    await appears('You did not agree. A third person will decide.');
    expect((await api.get(id)).status).toBe('in_review');
    await click(`Open case ${id.slice(-6)}`);
    await click('Claim this review');
    await appears('Another person has to do that: you have taken part in a decision');
    expect(await page.locator('canvas').count()).toBe(0);
    expect((await staff('reviewer_2', `/v1/reviews/${id}/claim`)).status).toBe(200);
  });

  it('is not asked of a reviewer who is not senior, nor of a senior one who made it', async () => {
    const theirs = await propose();
    await openAs('reviewer_2', theirs);
    await appears('A senior reviewer has to agree before it takes effect.');
    expect(await page.getByRole('button', { name: /agree/i }).count()).toBe(0);
    const own = await propose('senior_reviewer');
    await openAs('senior_reviewer', own);
    await appears('You decided: Declined.');
    expect(await page.getByRole('button', { name: /agree/i }).count()).toBe(0);
  });

  it('that somebody else dealt with meanwhile is shown as it stands', async () => {
    const id = await propose();
    await openAs('senior_reviewer', id);
    expect(
      (await staff('senior_reviewer', `/v1/reviews/${id}/decision/confirm`, { agree: true })).status,
    ).toBe(200);
    await click('Agree: Declined');
    await appears('This case changed while you looked at it');
    await appears(/Declined, /);
    expect(await page.getByRole('button', { name: 'Agree: Declined' }).count()).toBe(0);
  });

  it('can be confirmed at a width of 320 pixels, in light and dark, by WCAG 2.2 AA', async () => {
    const id = await propose();
    for (const colorScheme of ['light', 'dark'] as const) {
      await current.close();
      current = await visit(browser, sandbox.info.base_url, {
        viewport: { width: 320, height: 640 },
        colorScheme,
      });
      page = current.page;
      const faults: string[] = [];
      const look = async (screen: string) => {
        faults.push(...(await accessibilityFaults(page)).map((fault) => `${screen}: ${fault}`));
        if ((await overflow(page)) > 0) faults.push(`${screen}: scrolls sideways`);
      };
      await openAs('senior_reviewer', id);
      await look('case');
      await click('All reviews');
      await appears('As of');
      await look('list');
      expect(faults).toEqual([]);
    }
  });
});

describe('an appeal', () => {
  const statement = [
    'My name changed.',
    '<img src=x onerror=alert(1)><script>alert(2)</script><a href="javascript:alert(3)">here</a>',
    'x'.repeat(300),
  ].join('\n');

  it('shows the learner’s statement as they wrote it, markup and all as text, within the width', async () => {
    const id = await propose();
    await staff('senior_reviewer', `/v1/reviews/${id}/decision/confirm`, { agree: true });
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const appealed = await api.platform('POST', `/v1/verifications/${id}/appeal`, {
      expected: { full_name: 'Amelia Hartwell' },
      statement,
    });
    const token = appealed.body.capture.token as string;
    await api.upload(id, token, { id_front: 'approve', selfie: 'approve_selfie' });
    await api.call('POST', `/v1/verifications/${id}/submit`, { token });
    await api.until(id, ({ status }) => status === 'in_review');

    await current.close();
    current = await visit(browser, sandbox.info.base_url, { viewport: { width: 320, height: 640 } });
    page = current.page;
    await openAs('reviewer_2', id);
    await page.getByText('My name changed.').waitFor();
    expect(await page.locator('.statement').textContent()).toBe(statement);
    expect(await page.locator('main img, main script, main a').count()).toBe(0);
    await appears('No computer has compared the faces');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('is not given to whoever took part in the decline, and says so', async () => {
    const id = await propose();
    await staff('senior_reviewer', `/v1/reviews/${id}/decision/confirm`, { agree: true });
    await api.until(id, ({ redaction }) => redaction.status === 'done');
    const appealed = await api.platform('POST', `/v1/verifications/${id}/appeal`, {
      expected: { full_name: 'Amelia Hartwell' },
    });
    const token = appealed.body.capture.token as string;
    await api.upload(id, token, { id_front: 'approve', selfie: 'approve_selfie' });
    await api.call('POST', `/v1/verifications/${id}/submit`, { token });
    await api.until(id, ({ status }) => status === 'in_review');
    await openAs('reviewer', id);
    await click('Claim this review');
    await appears('Another person has to do that');
  });
});
