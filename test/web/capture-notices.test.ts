import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { makeApi, type Api } from '../support/api.js';
import { operate } from '../support/operator.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { accessibilityFaults, overflow } from './support/accessibility.js';
import { launchBrowser, visit, type Visit } from './support/browser.js';

/** A hang, and not a slow machine: whole verifications run in here. */
import.meta.jest.setTimeout(240_000);

let sandbox: Sandbox;
let api: Api;
let browser: Browser;
let current: Visit;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.dispose();
});

beforeEach(async () => {
  current = await visit(browser, sandbox.info.base_url, { viewport: { width: 320, height: 640 } });
  page = current.page;
});

afterEach(async () => {
  const { complaints } = current;
  await current.close();
  expect(complaints).toEqual([]);
});

const heading = (name: string) => page.getByRole('heading', { name, level: 1 });
const appears = (text: string | RegExp) => page.getByText(text).first().waitFor();
const open = ({ token }: { token: string }) => page.goto(`${sandbox.info.base_url}/capture#${token}`);
const given = () => page.getByRole('region', { name: 'Who was given something about you' });
const officer = (url: string, body: object) =>
  api.call('POST', url, { token: sandbox.info.tokens.privacy_officer, body });
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function expectNoFaults(): Promise<void> {
  expect(await accessibilityFaults(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

async function disclose(verificationId: string, name: string): Promise<void> {
  const recipient = await officer('/v1/recipients', {
    name,
    kind: 'authority',
    purposes: ['legal_process'],
    agreement_ref: 'file 7',
    agreement_expires_at: inDays(300),
    safeguards_attested_at: inDays(0),
  });
  const { status } = await officer('/v1/disclosures', {
    verification_id: verificationId,
    recipient_id: recipient.body.id,
    purpose: 'legal_process',
    fields: ['status', 'expected_name'],
    legal_basis: 'court order 12/26',
  });
  expect(status).toBe(201);
}

const simulate = (id: string, outcome: string, reasons: readonly string[] = []) =>
  api.platform('POST', `/v1/test/verifications/${id}/simulate`, { outcome, reasons });

describe('what third parties were given', () => {
  it('is told to the learner: to whom, what for, which fields', async () => {
    const begun = await api.create();
    await api.consent(begun.id, begun.token);
    await open(begun);
    await heading('Photograph your ID').waitFor();
    expect(await given().count()).toBe(0);
    await disclose(begun.id, 'Court of Somewhere');
    await page.reload();
    await given().waitFor();
    const words = await given().textContent();
    expect(words).toContain('Court of Somewhere (authority)');
    expect(words).toContain('Because of a legal order.');
    expect(words).toContain('Given: how the verification stands, the name given for the certificate.');
    await expectNoFaults();
  });

  it('shows a recipient’s name as text, whatever it is, and keeps the page’s width', async () => {
    const name = `<img src=x onerror=alert(1)><script>alert(2)</script>\u202Egnp.${'x'.repeat(90)}`;
    const begun = await api.create();
    await disclose(begun.id, name);
    await open(begun);
    await given().getByText(name).waitFor();
    expect(await given().locator('img, script').count()).toBe(0);
    // What turns the direction of writing stays inside the name.
    expect(await given().locator('bdi').textContent()).toBe(name);
    await expectNoFaults();
  });
});

describe('a deletion that is held', () => {
  it('is said to be so, because of a legal order', async () => {
    const begun = await api.create();
    await api.consent(begun.id, begun.token);
    const placed = await officer('/v1/legal_holds', {
      verification_id: begun.id,
      authority: 'Court of Somewhere',
      reference: 'K 1/26',
      expires_at: inDays(60),
      notice: 'allowed',
    });
    expect(placed.status).toBe(201);
    await open(begun);
    await heading('Photograph your ID').waitFor();
    await page.getByRole('button', { name: 'Stop and erase my data' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop and erase' }).click();
    await heading('Stopped').waitFor();
    await appears('Your data is kept because of a legal order.');
    await expectNoFaults();
  });
});

describe('a decline', () => {
  it('says how to have it looked at again, and that no computer compares faces then', async () => {
    const begun = await api.create();
    await api.consent(begun.id, begun.token);
    await simulate(begun.id, 'declined', ['name_mismatch']);
    await open(begun);
    await heading('Your identity could not be verified').waitFor();
    await appears('you can have it looked at again, once, within 30 days');
    await appears('Another person then decides, and no computer compares faces.');
    await appears('The name on your ID differs');
    await expectNoFaults();
  });
});

describe('the privacy notice', () => {
  it('stays within reach after the consent, and is not shown twice before it', async () => {
    const begun = await api.create();
    await open(begun);
    await heading('Before you begin').waitFor();
    expect(await page.getByText('Privacy notice', { exact: true }).isVisible()).toBe(false);
    await api.consent(begun.id, begun.token);
    await page.reload();
    await heading('Photograph your ID').waitFor();
    expect(await page.getByText('What is never collected').isVisible()).toBe(false);
    await page.getByText('Privacy notice', { exact: true }).click();
    await appears('What is never collected');
    await expectNoFaults();
  });

  it('bears the day of its revision for whoever agreed before, too', async () => {
    const begun = await api.create();
    const agreed = await api.create();
    await api.consent(agreed.id, agreed.token);
    const file = path.join(sandbox.dataDir, 'next.json');
    writeFileSync(
      file,
      JSON.stringify({
        title: 'Policy',
        summary: 'What we do.',
        purposes: [{ code: 'authenticate', text: 'To authenticate you.' }],
        collects: ['a photo'],
        never_collects: ['payment data'],
        processing_country: 'SE',
        contact: 'privacy@example.org',
      }),
    );
    const day = inDays(10).slice(0, 10);
    const published = await operate(
      sandbox,
      'policy',
      'publish',
      file,
      '--version',
      'next',
      '--effective',
      day,
    );
    expect(published.code).toBe(0);
    const mark = page.getByText(`Revised (${day})`);
    await open(begun);
    await heading('Before you begin').waitFor();
    await mark.first().waitFor();
    expect(await mark.first().isVisible()).toBe(true);
    await open(agreed);
    await heading('Photograph your ID').waitFor();
    expect(
      await page
        .locator('summary')
        .filter({ hasText: `Revised (${day})` })
        .isVisible(),
    ).toBe(true);
  });
});
