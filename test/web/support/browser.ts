import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-headless-shell', 'chromium-browser', 'google-chrome'];

/** Nothing of the browser's own goes to the network; its camera is a picture that it draws itself. */
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

function findChromium(): string {
  const places = ['/usr/bin', ...(process.env['PATH'] ?? '').split(path.delimiter)].filter(Boolean);
  const candidates = NAMES.flatMap((name) => places.map((place) => path.join(place, name)));
  const found = process.env['CHROMIUM'] ?? candidates.find(isExecutable);
  if (found === undefined || !isExecutable(found))
    throw new Error(
      'The tests of the pages need Chromium: start them with npm test, which fetches it, install Debian’s package chromium, ' +
        'or set CHROMIUM to the program.',
    );
  return found;
}

/** @throws Error with the remedy, where there is no Chromium: a suite that could not look at a page has not passed */
export async function launchBrowser(): Promise<Browser> {
  const libraries = process.env['CHROMIUM_LIBRARY_PATH'];
  const fonts = process.env['CHROMIUM_FONTCONFIG'];
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return chromium.launch({
    executablePath: findChromium(),
    // Its sandbox needs namespaces that root in a container does not have; it is shown our own pages only.
    chromiumSandbox: false,
    args: FLAGS,
    env: {
      ...inherited,
      ...(libraries === undefined ? {} : { LD_LIBRARY_PATH: libraries }),
      ...(fonts === undefined ? {} : { FONTCONFIG_FILE: fonts }),
    },
  });
}

export interface Visit {
  readonly page: Page;
  /** What a page must never cause: script errors, refusals of the content security policy, calls to other places. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** How long something may take to appear on a busy machine, in milliseconds. */
const PATIENCE = 90_000;

/** A fresh browser profile with one page, watched. */
export async function visit(
  browser: Browser,
  baseUrl: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    // An answer that is an error is told to the console by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${baseUrl}/`) && !url.startsWith(`blob:${baseUrl}/`))
      complaints.push(`request elsewhere: ${url}`);
  });
  return { page, complaints, close: () => context.close() };
}
