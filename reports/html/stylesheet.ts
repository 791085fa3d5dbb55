import { readFileSync } from 'node:fs';

/**
 * GOV.UK Frontend's rules for the classes that a page uses, then the page's own. Without the licensed font and everything
 * that would be fetched: GOV.UK's typeface and crown are for services on gov.uk alone.
 */
export function stylesheet(page: string): string {
  const used = new Set([...page.matchAll(/class="([^"]*)"/gu)].flatMap(([, names = '']) => names.split(' ')));
  return `${LICENCE}\n${prune(govuk(), used).replaceAll(LICENSED_FONTS, FONTS)}\n${own()}`;
}

const LICENCE = '/* Parts of GOV.UK Frontend: Copyright (c) 2017 Government Digital Service, MIT licence */';
const LICENSED_FONTS = 'GDS Transport,arial,sans-serif';
const FONTS = 'arial,helvetica,"Liberation Sans",sans-serif';

/** At-rules that set nothing for a class; fonts and old browsers' own. */
const dropped = /^@(font-face|-moz-document)|\\0/u;

/** The rules whose classes are all used. A minified stylesheet has no braces in strings. */
function prune(css: string, used: ReadonlySet<string>): string {
  return rulesOf(css)
    .map(({ prelude, body }) => {
      if (dropped.test(prelude)) return '';
      if (prelude.startsWith('@')) {
        const inner = prune(body, used);
        return inner === '' ? '' : `${prelude}{${inner}}`;
      }
      const selectors = splitSelectors(prelude).filter((selector) =>
        classesOf(selector).every((name) => used.has(name)),
      );
      return selectors.length === 0 || body.includes('url(') ? '' : `${selectors.join(',')}{${body}}`;
    })
    .join('');
}

interface Rule {
  readonly prelude: string;
  readonly body: string;
}

function rulesOf(css: string): readonly Rule[] {
  const text = css.replaceAll(/\/\*.*?\*\/|@charset[^;]*;/gsu, '');
  const rules: Rule[] = [];
  let depth = 0;
  let start = 0;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{' && depth++ === 0) open = at;
    if (text[at] === '}' && --depth === 0) {
      rules.push({ prelude: text.slice(start, open).trim(), body: text.slice(open + 1, at) });
      start = at + 1;
    }
  }
  return rules;
}

/** At commas that are not inside of `:not(…)`. */
function splitSelectors(prelude: string): readonly string[] {
  return prelude.split(/,(?![^(]*\))/u).map((selector) => selector.trim());
}

/** Classes that an element must have for a selector to meet it. */
function classesOf(selector: string): readonly string[] {
  return [...selector.replaceAll(/:not\([^)]*\)/gu, '').matchAll(/\.(-?[_a-z][\w-]*)/giu)].map(([, name = '']) => name);
}

function govuk(): string {
  return readFileSync(new URL(import.meta.resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css')), 'utf8');
}

function own(): string {
  return readFileSync(new URL('page.css', import.meta.url), 'utf8');
}
