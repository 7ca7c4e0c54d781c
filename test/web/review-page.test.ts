import type { Browser, Page } from 'playwright-core';
import { makeApi, type Api } from '../support/api.js';
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
  current = await visit(browser, sandbox.info.base_url);
  page = current.page;
});

afterEach(async () => {
  const { complaints } = current;
  await current.close();
  expect(complaints).toEqual([]);
});

const click = (name: string | RegExp) => page.getByRole('button', { name }).click();
const appears = (text: string | RegExp) => page.getByText(text).first().waitFor();

/** A case for a person: the document of a sample under a name that is not on it. */
async function openCase(fullName = 'Amelia Hartwell'): Promise<string> {
  const { id } = await api.verify('approve', { expected: { full_name: fullName } });
  return id;
}

async function signIn(token = sandbox.info.tokens.reviewer): Promise<void> {
  await page.goto(`${sandbox.info.base_url}/review`);
  await page.getByLabel('Token').fill(token);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Reviews' }).waitFor();
  await appears('As of');
}

async function openInList(id: string): Promise<void> {
  await click(`Open case ${id.slice(-6)}`);
  await appears('Expected and found');
}

async function claim(id: string): Promise<void> {
  await signIn();
  await openInList(id);
  await click('Claim this review');
  await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
}

describe('signing in', () => {
  it('refuses what is no token, and a token that is not valid', async () => {
    await page.goto(`${sandbox.info.base_url}/review`);
    await page.getByLabel('Token').fill('nonsense');
    await click('Sign in');
    await appears('That is not a JWT');
    const [head = '', body = ''] = sandbox.info.tokens.reviewer.split('.');
    await page.getByLabel('Token').fill(`${head}.${body}.${'A'.repeat(86)}`);
    await click('Sign in');
    await appears('This token is not valid');
  });

  it('keeps the token in memory alone', async () => {
    await signIn();
    expect(await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie]')).toEqual([
      0,
      0,
      '',
    ]);
    await page.reload();
    await page.getByLabel('Token').waitFor();
    expect(await page.getByLabel('Token').inputValue()).toBe('');
  });
});

describe('a case', () => {
  it('shows what differs, what was checked and why, and photos only to whoever claimed it', async () => {
    const id = await openCase();
    await signIn();
    await openInList(id);
    await appears('Claim the review to see the photos');
    expect(await page.locator('canvas').count()).toBe(0);
    const name = page.getByRole('row', { name: /Name/ });
    expect(await name.textContent()).toContain('Amelia Hartwell');
    expect(await name.textContent()).toContain('differs');
    expect(await page.getByRole('row', { name: /Date of birth/ }).textContent()).toContain('agrees');
    await appears('The surnames differ');
    await click('Claim this review');
    await page.getByRole('img', { name: 'Photo: ID, front' }).waitFor();
    await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
    await click('Give it back');
    await appears('Given back.');
    expect(await page.locator('canvas').count()).toBe(0);
    expect((await api.get(id)).status).toBe('in_review');
  });

  it('is approved', async () => {
    const id = await openCase();
    await claim(id);
    await page.getByLabel('Approve').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await appears('Decided: Approved.');
    expect((await api.get(id)).status).toBe('approved');
    await click('Decided');
    await appears('As of');
    await page
      .getByRole('row', { name: new RegExp(id.slice(-6)) })
      .getByText('Approved')
      .waitFor();
  });

  it('is declined only with a reason, and sent back with one that the learner is told', async () => {
    const id = await openCase();
    await claim(id);
    await page.getByLabel('Decline').check();
    await page.getByRole('button', { name: 'Decline' }).click();
    await appears('Choose at least one reason.');
    expect((await api.get(id)).status).toBe('in_review');
    await page.getByLabel('Ask for new photos').check();
    await page.getByLabel('Glare on the ID').check();
    await page.getByLabel('Note').fill('The upper half cannot be read.');
    await page.getByRole('button', { name: 'Ask for new photos' }).click();
    await appears('Decided: New photos asked for.');
    const { status, reasons } = await api.get(id);
    expect(status).toBe('requires_input');
    expect(reasons).toMatchObject([{ code: 'document_glare' }]);
  });

  it('that somebody else holds is said to be held', async () => {
    const id = await openCase();
    await signIn();
    await openInList(id);
    await api.call('POST', `/v1/reviews/${id}/claim`, { token: sandbox.info.tokens.reviewer_2 });
    await click('Claim this review');
    await appears('Another reviewer holds this review.');
    await appears('Held by reviewer_2.');
    expect(await page.locator('canvas').count()).toBe(0);
  });

  it('that changed meanwhile is loaded again before it can be decided', async () => {
    const id = await openCase();
    await claim(id);
    await api.platform('POST', `/v1/verifications/${id}/courses`, { course_id: 'course-v1:another' });
    await page.getByLabel('Approve').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await appears('This case changed while you looked at it');
    expect((await api.get(id)).status).toBe('in_review');
    await page.getByLabel('Approve').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await appears('Decided: Approved.');
  });

  it('that ended meanwhile is said to be over', async () => {
    const id = await openCase();
    await claim(id);
    await api.platform('POST', `/v1/verifications/${id}/cancel`);
    await page.getByLabel('Approve').check();
    await page.getByRole('button', { name: 'Approve' }).click();
    await appears('This review is over');
    expect(await page.locator('canvas').count()).toBe(0);
    expect((await api.get(id)).status).toBe('canceled');
  });

  it('counts the hold down, and closes the photos when it has run out', async () => {
    const id = await openCase();
    await page.clock.install();
    await claim(id);
    await appears(/You hold this review for 1[45]:\d\d/);
    await page.clock.fastForward('16:00');
    await appears('Your hold on this review has run out');
  });

  it('shows markup in a name as text', async () => {
    const name = 'Clara <img src=x onerror=alert(1)> <b>Lindqvist</b>';
    const id = await openCase(name);
    await claim(id);
    await appears(name);
    expect(await page.locator('main img, main b').count()).toBe(0);
  });

  it('lets its photos be enlarged, turned and moved by keyboard', async () => {
    const id = await openCase();
    await claim(id);
    const view = page.getByRole('group', { name: 'Photo: ID, front' });
    const canvas = page.getByRole('img', { name: 'Photo: ID, front' });
    const before = await canvas.boundingBox();
    await view.focus();
    await page.keyboard.press('+');
    const larger = await canvas.boundingBox();
    expect(larger!.width).toBeGreaterThan(before!.width);
    await page.keyboard.press('0');
    await page.keyboard.press('r');
    const turned = await canvas.boundingBox();
    expect(turned!.height / turned!.width).toBeCloseTo(before!.width / before!.height, 1);
  });
});

describe('everybody', () => {
  it('can use each screen at a width of 320 pixels, in light and dark, by WCAG 2.2 AA', async () => {
    const id = await openCase();
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
      await page.goto(`${sandbox.info.base_url}/review`);
      await look('sign-in');
      await signIn();
      await look('list');
      await openInList(id);
      await look('case');
      await click('Claim this review');
      await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
      await page.getByLabel('Decline').check();
      await look('claimed case');
      await click('Give it back');
      await appears('Given back.');
      expect(faults).toEqual([]);
    }
  });

  it('can decide by keyboard alone', async () => {
    const id = await openCase();
    await page.goto(`${sandbox.info.base_url}/review`);
    await page.getByLabel('Token').focus();
    await page.keyboard.insertText(sandbox.info.tokens.reviewer);
    await page.keyboard.press('Enter');
    const entry = page.getByRole('button', { name: `Open case ${id.slice(-6)}` });
    await entry.waitFor();
    await entry.focus();
    await page.keyboard.press('Enter');
    const claimButton = page.getByRole('button', { name: 'Claim this review' });
    await claimButton.waitFor();
    await claimButton.focus();
    await page.keyboard.press('Space');
    await page.getByRole('img', { name: 'Photo: Selfie' }).waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
    await page.getByLabel('Approve').focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Enter');
    await appears('Decided: Approved.');
    expect((await api.get(id)).status).toBe('approved');
  });
});
