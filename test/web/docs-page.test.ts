import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../support/sandbox.js';
import { accessibilityFaults, overflow } from './support/accessibility.js';
import { launchBrowser, visit, type Visit } from './support/browser.js';

/** A hang, and not a slow machine. */
import.meta.jest.setTimeout(240_000);

let sandbox: Sandbox;
let browser: Browser;
let current: Visit;

beforeAll(async () => {
  browser = await launchBrowser();
  sandbox = await startSandbox();
});
afterAll(async () => {
  await browser?.close();
  await sandbox?.dispose();
});
beforeEach(async () => {
  current = await visit(browser, sandbox.info.base_url);
  await current.page.goto(`${sandbox.info.base_url}/docs`);
});
afterEach(async () => {
  const { complaints } = current;
  await current.close();
  expect(complaints).toEqual([]);
});

describe('/docs', () => {
  it('tells of every operation, each reached from the contents', async () => {
    const { paths } = parse(
      readFileSync(path.resolve(import.meta.dirname, '../../openapi.yaml'), 'utf8'),
    ) as { readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId?: string }>>>> };
    const described = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap(({ operationId }) => operationId ?? []),
    );
    const shown = await current.page
      .locator('article > h3[id]')
      .evaluateAll((headings) => headings.map(({ id }) => id));
    const linked = await current.page
      .locator('nav ul ul a')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href')?.slice(1)));
    for (const id of described)
      expect([id, shown.includes(id), linked.includes(id)]).toEqual([id, true, true]);
  });

  it('leads nowhere that does not exist', async () => {
    const dead = await current.page.evaluate<string[]>(
      `[...document.querySelectorAll('a[href^="#"]')].map((a) => a.getAttribute('href')).filter((href) => !document.getElementById(href.slice(1)))`,
    );
    expect(dead).toEqual([]);
  });

  it('needs no script and nothing from elsewhere', async () => {
    const { page } = current;
    expect(await page.locator('script, style, [style], iframe').count()).toBe(0);
    const elsewhere = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !name.startsWith(location.origin))`,
    );
    expect(elsewhere).toEqual([]);
  });

  it.each([
    ['wide', 1280, 'light'],
    ['narrow', 320, 'light'],
    ['dark', 1280, 'dark'],
  ] as const)('is accessible: %s', async (_name, width, colorScheme) => {
    const { page } = current;
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
  });

  it('is for anyone, under the policy of all pages', async () => {
    const answer = await fetch(`${sandbox.info.base_url}/docs`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
  });
});
