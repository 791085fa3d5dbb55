import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Run } from '../../harness/model/run.ts';
import { writeReports } from '../../reports/write.ts';
import { counterexample, run, verdict } from '../reports/build.ts';
import { excerpt, greenRun, realisticRun } from '../reports/realistic.ts';

const executables = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = executables.find((path) => path !== '' && existsSync(path));
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Less of the same: axe looks at each cell, and takes half a minute over the whole. */
const short = (of: Run, services: readonly string[]): Run => excerpt(of, ['DEL', 'ORD', 'DUP'], services);

let browser: Browser | undefined;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  const open: Run = {
    ...run({
      verdicts: [verdict('ORD-1', 'incident-lifecycle/incidents', 'fail')],
      counterexamples: [counterexample('ORD-1', 'incident-lifecycle/incidents')],
    }),
    answer: 'cannot be said',
    sentence: 'whether core holds cannot be said: 1 clause inconclusive',
  };
  for (const [name, each] of Object.entries({
    whole: await realisticRun(),
    red: short(await realisticRun(), ['incident-lifecycle', 'custody-task']),
    green: short(await greenRun(), ['custody-task']),
    open,
  })) {
    await writeReports(each, join(folder, name));
  }
  if (executablePath !== undefined) browser = await chromium.launch({ executablePath, args });
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});
beforeEach(({ skip }) => {
  if (browser === undefined)
    skip('there is no Chromium: install the package chromium, or name one in the variable CHROMIUM');
});

async function visit(name: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser!.newContext(options);
  try {
    const page = await context.newPage();
    await page.goto(pathToFileURL(join(folder, name, 'index.html')).href);
    await look(page);
  } finally {
    await context.close();
  }
}

const openAll = async (page: Page): Promise<void> => {
  await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
};

const at = (width: number, height = 900): BrowserContextOptions => ({ viewport: { width, height } });

describe.each(['red', 'green', 'open'])('the page of a run that comes out %s', (name) => {
  it.each([1280, 320])(
    'has no fault that axe finds by WCAG 2.2 AA, at a width of %i with everything unfolded',
    async (width) => {
      await visit(name, { ...at(width), bypassCSP: true }, async (page) => {
        await openAll(page);
        await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
        // What lies behind text in a drawing axe cannot see; black on white and white on black are in the stylesheet.
        const context = `{ exclude: ['.bw-sequence text'] }`;
        const results = await page.evaluate<AxeResults>(
          `axe.run(${context}, { runOnly: ${JSON.stringify(wcag22aa)} })`,
        );
        expect(results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
        expect(results.passes.map(({ id }) => id)).toEqual(
          expect.arrayContaining(['color-contrast', 'region', 'td-headers-attr']),
        );
        // Colours of what is scrolled away cannot be seen; they are the same as at the other width.
        const open = results.incomplete.filter(({ id }) => width > 320 || id !== 'color-contrast');
        expect(open.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      });
    },
  );

  it.each([1280, 640, 320])('does not scroll sideways at a width of %i, folded or unfolded', async (width) => {
    await visit(name === 'red' ? 'whole' : name, at(width), async (page) => {
      const measured = () => page.evaluate<number>('document.documentElement.scrollWidth');
      expect(await measured()).toBe(width);
      await openAll(page);
      expect(await measured()).toBe(width);
    });
  });
});

describe('the page', () => {
  it('says and unfolds everything without scripts', async () => {
    await visit('red', { ...at(1280), javaScriptEnabled: false }, async (page) => {
      await expect(page.locator('h1').innerText()).resolves.toContain('Core does not hold');
      const clause = page.locator('#clause-ord-2');
      await clause.locator('summary').click();
      await expect(clause.locator('table').isVisible()).resolves.toBe(true);
    });
  });

  it('asks for nothing but itself, and reports no error', async () => {
    const context = await browser!.newContext(at(1280));
    const page = await context.newPage();
    const asked: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    const address = pathToFileURL(join(folder, 'red', 'index.html')).href;
    await page.goto(address, { waitUntil: 'networkidle' });
    await context.close();
    expect(asked.filter((url) => !url.startsWith('data:'))).toEqual([address]);
    expect(errors).toEqual([]);
  });

  it('leads a keyboard to the content first, shows where the focus is, and lets it scroll a wide table', async () => {
    await visit('whole', at(320), async (page) => {
      await page.keyboard.press('Tab');
      const skip = page.locator(':focus');
      await expect(skip.innerText()).resolves.toBe('Skip to main content');
      await page.keyboard.press('Enter');
      await expect(page.locator(':focus').getAttribute('id')).resolves.toBe('main-content');
      const region = page
        .getByRole('region', { name: 'Clauses and flows', exact: true })
        .and(page.locator('[tabindex="0"]'));
      await region.focus();
      const style = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      expect(style).not.toBe('none');
      await page.keyboard.press('ArrowRight');
      await expect.poll(() => region.evaluate((element) => element.scrollLeft)).toBeGreaterThan(0);
    });
  });

  it('leads from a fail in the table of clauses and flows to where it is told, and from a clause to what it asks', async () => {
    await visit('red', at(1280), async (page) => {
      await page.locator('.bw-matrix a', { hasText: 'fail' }).first().click();
      expect(page.url()).toMatch(/#failure-/u);
      await page.locator('.bw-matrix a', { hasText: 'ORD-2' }).click();
      expect(page.url()).toMatch(/#clause-ord-2$/u);
    });
  });

  it('prints what is folded away', async () => {
    await visit('green', at(1280), async (page) => {
      const height = () => page.locator('#clause-del-1').evaluate((element) => element.getBoundingClientRect().height);
      const folded = await height();
      await page.emulateMedia({ media: 'print' });
      expect(await height()).toBeGreaterThan(folded + 100);
    });
  });
});
