import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { makeApi, type Api } from '../support/api.js';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { accessibilityFaults, overflow } from './support/accessibility.js';
import { launchBrowser, visit, type Visit } from './support/browser.js';

/** A hang, and not a slow machine: whole verifications run in here. */
import.meta.jest.setTimeout(240_000);

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

let sandbox: Sandbox;
let api: Api;
let browser: Browser;
let visits: Visit[];

beforeAll(async () => {
  browser = await launchBrowser();
  sandbox = await startSandbox();
  api = makeApi(sandbox.info);
});

afterAll(async () => {
  await browser?.close();
  await sandbox?.dispose();
});

beforeEach(() => {
  visits = [];
});

afterEach(async () => {
  for (const each of visits) await each.close();
  expect(visits.flatMap(({ complaints }) => complaints)).toEqual([]);
});

/** A device of its own: another profile of the browser. */
async function device(options: Parameters<typeof visit>[2] = {}): Promise<Page> {
  const made = await visit(browser, sandbox.info.base_url, options);
  visits.push(made);
  return made.page;
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const offerOf = (page: Page) => page.getByRole('button', { name: 'Continue on your phone' });
const linkOn = async (page: Page) => (await page.locator('.handover code').textContent()) ?? '';

interface Begun {
  readonly id: string;
  readonly token: string;
}

/** A learner who has agreed and has now to photograph their ID. */
async function begin(): Promise<Begun> {
  const sample = (await api.samples()).find(({ name }) => name === 'approve')!;
  const { id, token } = await api.create({
    full_name: sample.full_name,
    date_of_birth: sample.date_of_birth,
  });
  await api.consent(id, token);
  return { id, token };
}

async function open(page: Page, { token }: Begun): Promise<void> {
  await page.goto(`${sandbox.info.base_url}/capture#${token}`);
  await heading(page, 'Photograph your ID').waitFor();
}

/** Offers the handover on a computer, and gives its link. */
async function offer(page: Page, begun: Begun): Promise<string> {
  await open(page, begun);
  await offerOf(page).click();
  await page.getByText('Or open this link there').waitFor();
  return linkOn(page);
}

async function choose(page: Page, sample: string): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await api.sampleImage(sample) });
  await press(page, 'Use this photo');
  await page.getByText('This photo was accepted').first().waitFor();
}

const progressOf = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Progress' }).getByRole('listitem').filter({ hasText: name });

describe('going on with a phone', () => {
  it('shows a code that reads as the link beside it, and how long that is good', async () => {
    const computer = await device();
    const link = await offer(computer, await begin());
    expect(link).toMatch(new RegExp(`^${sandbox.info.base_url}/capture#lct_`));
    await computer.getByText('It is good for 10 minutes, and for one phone.').waitFor();

    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    const bytes = readFileSync(wasm);
    await prepareZXingModule({
      overrides: {
        wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
      },
      fireImmediately: true,
    });
    const shown = await computer.getByRole('img', { name: 'QR code of the link below' }).screenshot();
    const [code] = await readBarcodes(new Uint8Array(shown), { formats: ['QRCode'] });
    expect(code?.text).toBe(link);
  });

  it('lets the phone finish while the computer looks on, up to the outcome', async () => {
    const begun = await begin();
    const computer = await device();
    const link = await offer(computer, begun);
    const phone = await device(PHONE);
    await phone.goto(link);
    await heading(phone, 'Photograph your ID').waitFor();
    expect(phone.url()).not.toContain('lct_');

    await heading(computer, 'You go on with your phone').waitFor();
    expect(await computer.evaluate('document.activeElement.textContent')).toBe('You go on with your phone');
    expect(await computer.locator('input[type=file]').count()).toBe(0);
    await progressOf(computer, 'Front of your ID').filter({ hasText: 'to come' }).waitFor();
    await choose(phone, 'approve');
    await progressOf(computer, 'Front of your ID').filter({ hasText: 'done' }).waitFor();
    await press(phone, 'Continue');
    await choose(phone, 'approve_selfie');
    await progressOf(computer, 'Your face').filter({ hasText: 'done' }).waitFor();
    await press(phone, 'Continue');
    await press(phone, 'Send in for the check');
    await heading(phone, 'You are verified').waitFor();
    await heading(computer, 'You are verified').waitFor();
    expect((await api.get(begun.id)).status).toBe('approved');
    expect(await computer.evaluate('sessionStorage.length')).toBe(0);
  });

  it('is still known to the computer after a reload, which may still end it all', async () => {
    const begun = await begin();
    const computer = await device();
    const phone = await device(PHONE);
    await phone.goto(await offer(computer, begun));
    await heading(phone, 'Photograph your ID').waitFor();
    await choose(phone, 'approve');
    await heading(computer, 'You go on with your phone').waitFor();
    await computer.reload();
    await heading(computer, 'You go on with your phone').waitFor();
    await progressOf(computer, 'Front of your ID').filter({ hasText: 'done' }).waitFor();

    await press(computer, 'Stop and erase my data');
    await computer.getByRole('dialog').getByRole('button', { name: 'Stop and erase' }).click();
    await heading(computer, 'Stopped').waitFor();
    await computer.getByText(/were erased on/).waitFor();
    expect(await api.get(begun.id)).toMatchObject({ status: 'canceled', received: [] });
  });

  it('is learnt from the first refusal where the computer had stopped asking', async () => {
    const begun = await begin();
    const computer = await device();
    const phone = await device(PHONE);
    const link = await offer(computer, begun);
    await press(computer, 'Stay on this device');
    await phone.goto(link);
    await heading(phone, 'Photograph your ID').waitFor();
    await computer
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: await api.sampleImage('approve') });
    await press(computer, 'Use this photo');
    await heading(computer, 'You go on with your phone').waitFor();
    expect((await api.get(begun.id)).received).toEqual([]);
  });

  it('can be asked for anew, and then the link before is dead; waiting for a phone changes no link', async () => {
    const computer = await device();
    const first = await offer(computer, await begin());
    const asked = () =>
      computer.waitForResponse((response) => response.url().endsWith('/handover') && response.ok());
    // As long as nobody has come, the page asks again and again, and is given the same link each time.
    expect(((await (await asked()).json()) as { url: string }).url).toBe(first);
    await press(computer, 'Make a new link');
    await computer.getByText('Or open this link there').waitFor();
    const second = await linkOn(computer);
    expect(second).not.toBe(first);

    const late = await device(PHONE);
    await late.goto(first);
    await heading(late, 'This link no longer works').waitFor();
    await late.getByText('ask there for a new link').waitFor();
    const phone = await device(PHONE);
    await phone.goto(second);
    await heading(phone, 'Photograph your ID').waitFor();
    await heading(computer, 'You go on with your phone').waitFor();
  });

  it('says when the link has run out, and offers another', async () => {
    const computer = await device();
    await computer.clock.install();
    await offer(computer, await begin());
    await computer.clock.fastForward('10:05');
    await computer.getByText('The link has run out').waitFor();
    await press(computer, 'Make a new link');
    await computer.getByText('Or open this link there').waitFor();
  });

  it('gives the link to the clipboard for whoever cannot see the code, all by keyboard', async () => {
    const computer = await device({ permissions: ['clipboard-read', 'clipboard-write'] });
    await open(computer, await begin());
    await offerOf(computer).focus();
    await computer.keyboard.press('Enter');
    await computer.getByText('Or open this link there').waitFor();
    expect(await computer.evaluate('document.activeElement.textContent')).toBe('Continue on your phone');
    await computer.keyboard.press('Tab');
    expect(await computer.evaluate('document.activeElement.textContent')).toBe('Copy the link');
    await computer.keyboard.press('Enter');
    await computer.getByText('Copied.').waitFor();
    expect(await computer.evaluate('navigator.clipboard.readText()')).toBe(await linkOn(computer));
  });

  it('is not offered on a phone, and is on a computer whose page is enlarged', async () => {
    const begun = await begin();
    const phone = await device(PHONE);
    await open(phone, begun);
    expect(await offerOf(phone).count()).toBe(0);
    const enlarged = await device({ viewport: { width: 320, height: 640 } });
    await open(enlarged, begun);
    expect(await offerOf(enlarged).isVisible()).toBe(true);
  });

  it('can be used at a width of 320 pixels, in light and dark, by WCAG 2.2 AA', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const faults: string[] = [];
      const look = async (page: Page, screen: string) => {
        faults.push(...(await accessibilityFaults(page)).map((fault) => `${screen}: ${fault}`));
        if ((await overflow(page)) > 0) faults.push(`${screen}: scrolls sideways`);
      };
      const computer = await device({ viewport: { width: 320, height: 640 }, colorScheme });
      const begun = await begin();
      await open(computer, begun);
      await look(computer, 'offer');
      await offerOf(computer).click();
      await computer.getByText('Or open this link there').waitFor();
      await look(computer, 'code');
      const phone = await device(PHONE);
      await phone.goto(await linkOn(computer));
      await heading(computer, 'You go on with your phone').waitFor();
      await look(computer, 'looking on');
      expect(faults).toEqual([]);
    }
  });
});
