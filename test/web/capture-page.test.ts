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

const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
const click = (name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click();
const appears = (text: string | RegExp) => page.getByText(text).first().waitFor();

interface Begun {
  readonly id: string;
  readonly token: string;
}

/** A verification for the person of a sample document. */
async function begin(sample = 'approve', more: Record<string, unknown> = {}): Promise<Begun> {
  const found = (await api.samples()).find(({ name }) => name === sample);
  if (!found) throw new Error(`no sample ${sample}`);
  return api.create({ full_name: found.full_name, date_of_birth: found.date_of_birth }, more);
}

const open = ({ token }: Begun) => page.goto(`${sandbox.info.base_url}/capture#${token}`);

async function agree(comparison: 'A computer' | 'A person' = 'A computer'): Promise<void> {
  await heading('Before you begin').waitFor();
  await page.getByLabel(/I have read the above/).check();
  await page.getByLabel(/in this country/).check();
  await page.getByLabel(comparison).check();
  await click(/I agree/);
}

async function choose(sample: string, index = 0): Promise<void> {
  await page
    .locator('input[type=file]')
    .nth(index)
    .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await api.sampleImage(sample) });
  await click('Use this photo');
}

async function sendPhotos(document: string, selfie: string): Promise<void> {
  await heading('Photograph your ID').waitFor();
  await choose(document);
  await appears('This photo was accepted');
  await click('Continue');
  await heading('Photograph your face').waitFor();
  await choose(selfie);
  await appears('This photo was accepted');
  await click('Continue');
  await heading('Check and send').waitFor();
}

describe('the capture link', () => {
  it('leaves the address bar at once and survives a reload', async () => {
    await open(await begin());
    await heading('Before you begin').waitFor();
    expect(page.url()).toBe(`${sandbox.info.base_url}/capture`);
    await page.reload();
    await heading('Before you begin').waitFor();
  });

  it('is asked for in plain words where it is missing', async () => {
    await page.goto(`${sandbox.info.base_url}/capture`);
    await heading('Open your link again').waitFor();
  });

  it('is said to be dead once a newer one was issued, and is forgotten', async () => {
    const begun = await begin();
    await api.platform('POST', `/v1/verifications/${begun.id}/capture_tokens`);
    await open(begun);
    await heading('This link no longer works').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('can be replaced by another in the same tab', async () => {
    const first = await begin();
    await api.platform('POST', `/v1/verifications/${first.id}/capture_tokens`);
    await open(first);
    await heading('This link no longer works').waitFor();
    await open(await begin());
    await heading('Before you begin').waitFor();
  });
});

describe('consent', () => {
  it('is asked for before any photo, with nothing chosen beforehand and each open question named', async () => {
    const begun = await begin();
    await open(begun);
    await heading('Before you begin').waitFor();
    expect(await page.locator('input:checked').count()).toBe(0);
    expect(await page.locator('input[type=file]').count()).toBe(0);
    await appears('Country: United States');
    await click(/I agree/);
    await appears('Choose one of the two.');
    expect(await page.locator('input[aria-invalid=true]').count()).toBe(4);
    expect((await api.get(begun.id)).consent).toBeNull();
  });

  it('records who compares, and a refusal of biometrics leads to a person', async () => {
    const begun = await begin();
    await open(begun);
    await agree('A person');
    await sendPhotos('approve', 'approve_selfie');
    await click('Send in for the check');
    await heading('A person will look at it').waitFor();
    expect(await api.get(begun.id)).toMatchObject({
      status: 'in_review',
      method: 'manual',
      consent: { biometrics: false, cross_border: true, collected_by: 'learner' },
    });
  });

  it('need not be given: the verification can be ended before anything was collected', async () => {
    const begun = await begin();
    await open(begun);
    await heading('Before you begin').waitFor();
    await click('Stop and erase my data');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop and erase' }).click();
    await heading('Stopped').waitFor();
    expect(await api.get(begun.id)).toMatchObject({ status: 'canceled', consent: null });
  });

  it('can be withdrawn, once confirmed, and everything is erased', async () => {
    const begun = await begin();
    await open(begun);
    await agree();
    await heading('Photograph your ID').waitFor();
    await choose('approve');
    await appears('This photo was accepted');
    await click('Stop and erase my data');
    await click('Go on with the verification');
    expect((await api.get(begun.id)).status).toBe('requires_input');
    await click('Stop and erase my data');
    await page.getByRole('dialog').getByRole('button', { name: 'Stop and erase' }).click();
    await heading('Stopped').waitFor();
    await appears(/were erased on/);
    expect(await api.get(begun.id)).toMatchObject({
      status: 'canceled',
      received: [],
      redaction: { status: 'done' },
    });
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });
});

describe('photos', () => {
  it('lead to an approval when they are in order, and back to the platform', async () => {
    const begun = await begin('approve', { return_url: `${sandbox.info.base_url}/courses` });
    await open(begun);
    await agree();
    await sendPhotos('approve', 'approve_selfie');
    await click('Send in for the check');
    await heading('You are verified').waitFor();
    await appears(/were erased on/);
    expect(await page.getByRole('link', { name: 'Go back to your course' }).getAttribute('href')).toBe(
      `${sandbox.info.base_url}/courses`,
    );
    expect((await api.get(begun.id)).status).toBe('approved');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  it('are judged at once in plain words, taken again and taken back', async () => {
    const begun = await begin();
    await open(begun);
    await agree();
    await heading('Photograph your ID').waitFor();
    await choose('blurry');
    await appears('The photo of your ID is blurred');
    expect(await page.getByRole('button', { name: 'Continue', exact: true }).count()).toBe(0);
    expect((await api.get(begun.id)).received).toEqual([]);
    await choose('approve');
    await appears('This photo was accepted');
    expect((await api.get(begun.id)).received).toEqual(['id_front']);
    await click('Remove');
    await appears('Removed and erased');
    expect((await api.get(begun.id)).received).toEqual([]);
  });

  it('that are no pictures are refused before they are sent', async () => {
    await open(await begin());
    await agree();
    await heading('Photograph your ID').waitFor();
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') });
    await appears('This file cannot be opened as a photo');
  });

  it('of the back can be added for a card, and taken from the overview', async () => {
    const begun = await begin('approve_td1');
    await open(begun);
    await agree();
    await heading('Photograph your ID').waitFor();
    await choose('approve_td1');
    await appears('This photo was accepted');
    await choose('approve_td1_back');
    await page.getByText('This photo was accepted').nth(1).waitFor();
    await click('Continue');
    await heading('Photograph your face').waitFor();
    await choose('approve_td1_selfie');
    await appears('This photo was accepted');
    await click('Continue');
    await heading('Check and send').waitFor();
    expect((await api.get(begun.id)).received).toEqual(
      expect.arrayContaining(['id_front', 'id_back', 'selfie']),
    );
    await click('Change: Back of your ID');
    await heading('Photograph your ID').waitFor();
  });

  it('come from the camera, which goes off afterwards; a picture without a face is told apart', async () => {
    await current.close();
    current = await visit(browser, sandbox.info.base_url, { permissions: ['camera'] });
    page = current.page;
    await open(await begin());
    await agree();
    await heading('Photograph your ID').waitFor();
    await choose('approve');
    await appears('This photo was accepted');
    await click('Continue');
    await heading('Photograph your face').waitFor();
    await click('Use the camera');
    await page.locator('video').waitFor();
    await page.evaluate('window.tracks = document.querySelector("video").srcObject.getTracks()');
    await click('Take the photo');
    await page.getByRole('button', { name: 'Use this photo' }).waitFor();
    expect(await page.evaluate('window.tracks.map((track) => track.readyState)')).toEqual(['ended']);
    await click('Use this photo');
    await appears('No face was found');
  });
});

describe('turning the head', () => {
  const offer = () => page.getByRole('heading', { name: 'Turn your head' });

  it('is offered after the selfie, takes a picture a pose, and turns the camera off', async () => {
    await current.close();
    current = await visit(browser, sandbox.info.base_url, { permissions: ['camera'] });
    page = current.page;
    const { id, token } = await begin();
    await api.consent(id, token);
    await api.upload(id, token, { id_front: 'approve' });
    await open({ id, token });
    await heading('Photograph your face').waitFor();
    expect(await offer().isVisible()).toBe(false);
    await choose('approve_selfie');
    await appears('This photo was accepted');
    await offer().waitFor();
    await click('Turn my head for the camera');
    await appears('Picture 1 of 4');
    await appears('Look straight into the camera');
    await page.evaluate('window.tracks = document.querySelector("video").srcObject.getTracks()');
    expect(await accessibilityFaults(page)).toEqual([]);
    for (let picture = 2; picture <= 4; picture++) {
      await click('Ready – take it');
      await appears(`Picture ${picture} of 4`);
    }
    await click('Ready – take it');
    await appears('Thank you, that is all');
    expect(await page.evaluate('window.tracks.map((track) => track.readyState)')).toEqual(['ended']);
    await click('Continue');
    await click('Send in for the check');
    // The camera of this browser is a drawing that shows nobody. Where its frames come again it is seen to be none, and a person looks;
    // otherwise it says nothing of anybody. It never speaks for a learner.
    const decided = await api.until(
      id,
      ({ status }) => ['approved', 'in_review'].includes(status as string),
      90_000,
    );
    const { outcome } = decided.checks.find(({ name }: { name: string }) => name === 'presence');
    expect([decided.status, outcome]).toEqual(
      decided.status === 'approved' ? ['approved', 'not_run'] : ['in_review', 'fail'],
    );
    await heading(decided.status === 'approved' ? 'You are verified' : 'A person will look at it').waitFor();
  });

  it('can be left out, and is not offered to whom no computer compares', async () => {
    await current.close();
    current = await visit(browser, sandbox.info.base_url, { permissions: ['camera'] });
    page = current.page;
    const { id, token } = await begin();
    await api.consent(id, token, false);
    await api.upload(id, token, { id_front: 'approve' });
    await open({ id, token });
    await heading('Photograph your face').waitFor();
    await choose('approve_selfie');
    await appears('This photo was accepted');
    expect(await offer().isVisible()).toBe(false);
    await click('Continue');
    await heading('Check and send').waitFor();
  });
});

describe('a further attempt', () => {
  it('says why, and asks only for what has to be done again', async () => {
    const { id, token } = await begin();
    await api.consent(id, token);
    await api.upload(id, token, { id_front: 'approve', selfie: 'approve_selfie' });
    await api.platform('POST', `/v1/test/verifications/${id}/simulate`, {
      outcome: 'requires_input',
      reasons: ['selfie_low_quality'],
    });
    const { received } = await api.get(id);
    expect(received).toEqual(['id_front']);
    await open({ id, token });
    await page.getByRole('heading', { name: 'We need something again' }).waitFor();
    await appears('The photo of your face is not clear enough');
    await heading('Photograph your face').waitFor();
    await choose('approve_selfie');
    await appears('This photo was accepted');
    await click('Continue');
    await click('Send in for the check');
    await heading('You are verified').waitFor();
  });
});

describe('a bad connection', () => {
  it('is said, and loses nothing: the photo is sent when it is back', async () => {
    const begun = await begin();
    await open(begun);
    await agree();
    await heading('Photograph your ID').waitFor();
    await page.context().setOffline(true);
    await choose('approve');
    await appears('Nothing is lost');
    await page.context().setOffline(false);
    await appears('This photo was accepted');
    expect((await api.get(begun.id)).received).toEqual(['id_front']);
    await page.getByText('Nothing is lost').waitFor({ state: 'hidden' });
  });

  it('of the service’s own making is waited out, and can be tried at once', async () => {
    const begun = await begin();
    let failing = true;
    await page.route('**/capture', (route) =>
      failing && route.request().resourceType() === 'fetch'
        ? route.fulfill({ status: 503, headers: { 'Retry-After': '600' }, body: 'down' })
        : route.fallback(),
    );
    await open(begun);
    await appears('The service is busy');
    failing = false;
    await click('Try now');
    await heading('Before you begin').waitFor();
  });

  it('without streams still shows the outcome, by asking', async () => {
    await page.route('**/events', (route) => route.abort());
    await open(await begin());
    await agree();
    await sendPhotos('approve', 'approve_selfie');
    await click('Send in for the check');
    await heading('You are verified').waitFor();
  });

  it('that breaks the stream takes it up where it broke off', async () => {
    const asked: (string | undefined)[] = [];
    await page.route('**/events', async (route) => {
      asked.push(route.request().headers()['last-event-id']);
      await (asked.length === 1
        ? route.fulfill({
            status: 200,
            contentType: 'text/event-stream',
            body: 'id: 7\nevent: step\ndata: {"step":"read_document","progress":1}\n\n',
          })
        : route.fallback());
    });
    await open(await begin());
    await agree();
    await sendPhotos('approve', 'approve_selfie');
    await click('Send in for the check');
    await heading('You are verified').waitFor();
    expect(asked.slice(0, 2)).toEqual([undefined, '7']);
  });
});

describe('everybody', () => {
  it('can use each screen at a width of 320 pixels, in light and dark, by WCAG 2.2 AA', async () => {
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
      await open(await begin());
      await heading('Before you begin').waitFor();
      await page.getByText('How long each thing is kept').click();
      await click(/I agree/);
      await look('consent');
      await agree();
      await heading('Photograph your ID').waitFor();
      await look('document');
      await choose('blurry');
      await appears('This photo cannot be used');
      await look('refused photo');
      await choose('approve');
      await appears('This photo was accepted');
      await look('accepted photo');
      await click('Continue');
      await heading('Photograph your face').waitFor();
      await choose('approve_selfie');
      await appears('This photo was accepted');
      await click('Continue');
      await look('overview');
      await click('Stop and erase my data');
      await look('dialog');
      await page.keyboard.press('Escape');
      await click('Send in for the check');
      await heading('You are verified').waitFor();
      await look('outcome');
      expect(faults).toEqual([]);
    }
  });

  it('can do it by keyboard alone: the focus follows to each new screen', async () => {
    await open(await begin());
    await heading('Before you begin').waitFor();
    await page.getByLabel(/I have read the above/).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await heading('Photograph your ID').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Photograph your ID');
  });
});
