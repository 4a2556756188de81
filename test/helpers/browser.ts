import { existsSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { chromium, type Browser, type Page } from 'playwright-core';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** An empty `CHROMIUM` stands for none. */
const program = process.env['CHROMIUM'] ?? usual.find((path) => existsSync(path));
const isExpected = process.env['GITHUB_ACTIONS'] === 'true';

interface Visit {
  /** In pixels. */
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
  readonly javaScript?: boolean;
  /** Another origin that the page may ask. */
  readonly asks?: string;
}

type Body = (t: ExecutionContext, page: Page) => Promise<void>;

export interface BrowserTests {
  /** Opens a page of its own; a complaint of the browser or a request to anybody else fails the test. */
  readonly inBrowser: (title: string, options: Visit, body: Body) => void;
}

/** Tests in a Chromium that is installed; where there is none, each says so, but on GitHub, where one belongs. */
export function browserTests(origin: string): BrowserTests {
  let browser: Promise<Browser> | undefined;
  test.after.always(async () => (await browser)?.close());

  async function withPage(
    executablePath: string,
    t: ExecutionContext,
    options: Visit,
    body: Body,
  ): Promise<void> {
    browser ??= chromium.launch({ executablePath });
    const { width = 1280, colorScheme = 'light', javaScript = true, asks = origin } = options;
    const context = await (
      await browser
    ).newContext({
      baseURL: origin,
      viewport: { width, height: 844 },
      colorScheme,
      javaScriptEnabled: javaScript,
    });
    context.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(error.error().message));
    context.on('request', (request) => {
      const url = request.url();
      if (![`${origin}/`, `${asks}/`, 'data:'].some((known) => url.startsWith(known)))
        complaints.push(`asks ${url}`);
    });
    await body(t, await context.newPage());
    await context.close();
    t.deepEqual(complaints, []);
  }

  return {
    inBrowser(title, options, body) {
      // On a machine of few cores pages side by side make each other slow.
      test.serial(title, async (t) => {
        if (program) return withPage(program, t, options, body);
        t.log('NOT TRIED: no Chromium is installed here; CHROMIUM can say where one is.');
        t.false(isExpected, 'GitHub runners have a Chrome');
      });
    },
  };
}
