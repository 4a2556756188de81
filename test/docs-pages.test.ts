import test from 'ava';
import type { Page } from 'playwright-core';
import { browserTests } from './helpers/browser.ts';
import { operations } from './helpers/contract.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());
const { inBrowser } = browserTests(service.url);

/** Redoc runs, and is through with indexing what can be searched. */
async function openDocs(page: Page, place = ''): Promise<void> {
  await page.goto(`/docs${place}`);
  await page.getByText(/^Search (Ctrl\+|⌘)K$/).waitFor({ state: 'attached' });
}

function widthBeyondScreen(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** How far a place is below the top of what is seen, in pixels. */
async function fromTop(page: Page, selector: string): Promise<number> {
  return (await page.locator(selector).first().boundingBox())?.y ?? NaN;
}

for (const colorScheme of ['light', 'dark'] as const) {
  inBrowser(
    `/docs runs under its policy and needs nobody else, in ${colorScheme}`,
    { colorScheme },
    async (t, page) => {
      await openDocs(page);
      t.is(await page.title(), 'Tripod API');
      t.is(await page.locator('html').getAttribute('lang'), 'en');
      t.is(await page.locator('h1').count(), 1);
      t.true((await page.locator('h2').count()) > 30);
    },
  );
}

inBrowser(
  'each link of /docs/roles leads to the operation in /docs, where its role is',
  {},
  async (t, page) => {
    await page.goto('/docs/roles');
    const rows = await Promise.all(
      (await page.locator('tr[data-id]').all()).map(async (row) => ({
        id: await row.getAttribute('data-id'),
        subject: await row.locator('xpath=..').getAttribute('data-subject'),
        place: (await row.getByRole('link').getAttribute('href'))?.replace('../docs', '') ?? '',
        summary: (await row.getByRole('link').textContent()) ?? '',
        words: (await row.locator('.words').textContent()) ?? '',
      })),
    );
    t.is(rows.length, operations.size);
    await openDocs(page);
    // One of each subject, for Redoc takes its time; the others have addresses of the same form.
    const tried = rows.filter(({ subject }, index) => rows[index - 1]?.subject !== subject);
    for (const { id, place, summary, words } of tried) {
      await page.evaluate(`location.hash = ${JSON.stringify(place)}`);
      await page.locator('h2', { hasText: summary }).first().waitFor();
      await page.getByText(`Required role: ${words}.`).first().waitFor();
      t.is(await page.getByText('No page at this address').count(), 0, id ?? '');
    }
    t.true(tried.length > 8);
  },
);

inBrowser('the search of /docs finds an operation and leads to it', {}, async (t, page) => {
  await openDocs(page);
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Search docs...').fill('registry');
  await page.getByRole('link', { name: '/api/languages/registry' }).click();
  await page.waitForURL(/#\/languages\/searchlanguageregistry$/);
  await page.locator('h2', { hasText: 'Find a language in ISO 639-3' }).waitFor();
  t.pass();
});

for (const width of [1280, 390]) {
  inBrowser(
    `the type of a problem leads to what to do about it, at ${width} pixels`,
    { width },
    async (t, page) => {
      const { body } = await service.send({ method: 'GET', path: '/nothing' });
      const { type } = body as { type: string };
      t.is(type, '/docs#section/errors/not_found');
      await page.goto(type);
      const heading = '[id="section/errors/not_found"]';
      await page.waitForFunction(`document.querySelector('${heading}')?.getBoundingClientRect().y < 300`);
      t.true((await fromTop(page, heading)) >= 0);
      t.is(await page.locator(heading).innerText(), 'NOT_FOUND');
    },
  );
}

inBrowser('an operation in /docs shows an example of each error', {}, async (t, page) => {
  await openDocs(page, '#/roles/assignrole');
  const errors = { 403: 'FORBIDDEN', 404: 'NOT_FOUND', 409: 'CONFLICT' };
  for (const [status, code] of Object.entries(errors)) {
    await page.getByRole('tab', { name: status }).last().click();
    await page.locator('pre', { hasText: `"code": "${code}"` }).waitFor();
  }
  t.pass();
});

for (const place of ['/docs', '/docs#/roles/assignrole', '/docs#/languages/createlanguage', '/docs/roles']) {
  inBrowser(`${place} fits on a screen of 390 pixels`, { width: 390 }, async (t, page) => {
    await (place === '/docs/roles' ? page.goto(place) : openDocs(page, place.slice('/docs'.length)));
    t.is(await widthBeyondScreen(page), 0);
    const wide =
      "[...document.querySelectorAll('pre')].filter((each) => each.scrollWidth > each.clientWidth).length";
    t.is(await page.evaluate<number>(wide), 0);
  });
}

inBrowser(
  '/docs prints the introduction, and an operation with its role and examples',
  {},
  async (t, page) => {
    await openDocs(page, '#/roles/assignrole');
    const role = page.getByText('Required role: platform admin, or admin of the app').first();
    const menu = page.locator('[data-component-name="Menu/Menu"]').first();
    await role.waitFor();
    t.true(await menu.isVisible());
    await page.emulateMedia({ media: 'print' });
    t.true(await role.isVisible());
    t.true(await page.locator('pre', { hasText: '"facilitator"' }).first().isVisible());
    t.false(await menu.isVisible());
    await page.evaluate("location.hash = '/'");
    for (const part of ['Refreshing', 'UNAVAILABLE']) {
      await page.locator('h2', { hasText: part }).waitFor();
    }
  },
);

const shownRows = 'tr[data-id]:visible';

inBrowser(
  '/docs/roles narrows by word, subject and role, and says how many are left',
  {},
  async (t, page) => {
    await page.goto('/docs/roles');
    const count = page.getByRole('status');
    t.is(await count.innerText(), `${operations.size} of ${operations.size} operations`);

    await page.getByLabel('Find').fill('phase depend');
    const found = await page.locator(shownRows).count();
    t.true(found >= 3 && found < 10);
    t.is(await count.innerText(), `${found} of ${operations.size} operations`);

    await page.getByRole('button', { name: 'Start over' }).click();
    t.is(await page.locator(shownRows).count(), operations.size);

    await page.getByLabel('Subject').selectOption('Languages');
    t.deepEqual(await page.locator('tbody:visible th[scope=rowgroup]').allInnerTexts(), ['Languages']);
    await page.getByLabel('What may I call as').selectOption('any signed-in user');
    t.is(await page.locator('[data-id=listLanguages]:visible').count(), 1);
    t.is(await page.locator('[data-id=createLanguage]:visible').count(), 0);
    await page.getByLabel('What may I call as').selectOption('manager of an organization');
    t.is(await page.locator('[data-id=createLanguage]:visible').count(), 1);
    t.is(await page.locator('[data-id=deleteLanguage]:visible').count(), 0);

    const narrowed = await page.locator(shownRows).count();
    await page.reload();
    t.is(await page.locator(shownRows).count(), narrowed);
    t.is(await page.getByLabel('Subject').inputValue(), 'Languages');

    await page.getByLabel('Find').fill('nothing is called like this');
    t.true(await page.getByText('No operation fits.').isVisible());
  },
);

inBrowser('/docs/roles can be used with the keyboard alone', {}, async (t, page) => {
  await page.goto('/docs/roles#subject=Audit');
  await page.getByLabel('Find').focus();
  for (let step = 0; step < 4; step++) await page.keyboard.press('Tab');
  t.is(
    await page.evaluate('document.activeElement.textContent'),
    await page.getByRole('link').last().textContent(),
  );
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/docs#\/audit\/listauditevents$/);
});

inBrowser('/docs/roles shows everything without JavaScript', { javaScript: false }, async (t, page) => {
  await page.goto('/docs/roles');
  t.is(await page.locator(shownRows).count(), operations.size);
  t.false(await page.locator('form').isVisible());
});

inBrowser('/docs/roles prints every operation, without what only a screen can do', {}, async (t, page) => {
  await page.goto('/docs/roles');
  await page.emulateMedia({ media: 'print' });
  t.is(await page.locator(shownRows).count(), operations.size);
  t.false(await page.locator('form').isVisible());
});

inBrowser(
  '/docs/roles says in words at 390 pixels what its columns say on a wide screen',
  { width: 390 },
  async (t, page) => {
    await page.goto('/docs/roles');
    t.is(await page.locator('td:not(.words):visible').count(), 0);
    t.is(await page.locator('.words:visible').count(), operations.size);
  },
);

inBrowser(
  '/docs/roles has a title, a language, headings and labels for who cannot see it',
  {},
  async (t, page) => {
    await page.goto('/docs/roles');
    t.is(await page.title(), 'Who may call what · Tripod API');
    t.is(await page.locator('html').getAttribute('lang'), 'en');
    t.deepEqual(await page.locator('h1').allInnerTexts(), ['Who may call what']);
    t.is(await page.getByRole('table', { name: 'Operations and the roles that may call them' }).count(), 1);
    t.is(await page.locator('th:not([scope])').count(), 0);
    const unlabelled =
      "[...document.querySelectorAll('input, select')].filter((each) => each.labels.length !== 1).length";
    t.is(await page.evaluate<number>(unlabelled), 0);
  },
);

inBrowser('/docs leads to /docs/roles', {}, async (t, page) => {
  await openDocs(page);
  await page.getByRole('link', { name: 'Who may call what' }).click();
  await page.waitForURL(/\/docs\/roles$/);
  t.is(await page.locator(shownRows).count(), operations.size);
});
