import { printable } from '../printable.ts';

/** HTML that is safe to put into a page. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text, which is escaped; markup, as it is; lists of both. Numbers are formatted before. */
export type Content = string | Markup | readonly Content[];

/** A piece of a page: every value is escaped unless it is markup itself. */
export function html(pieces: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: pieces.map((piece, at) => `${piece.replaceAll(indent, '\n')}${render(values[at] ?? [])}`).join('') };
}

/** Line breaks of the source; a page has no use for its indent. */
const indent = /\s*\n\s*/gu;

export const nothing: Markup = { markup: '' };

/** Markup that a stylesheet or another renderer has made. */
export function trusted(markup: string): Markup {
  return { markup };
}

/** A sentence of a catalogue, in which backquotes mark code. */
export function prose(text: string): Markup {
  return html`${text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** An id for a fragment of the page's address. */
export function anchor(...names: readonly string[]): string {
  return names
    .join('-')
    .replaceAll(/[^\w-]+/gu, '-')
    .toLowerCase();
}

function render(content: Content): string {
  if (typeof content === 'string') return escape(printable(content));
  return 'markup' in content ? content.markup : content.map((part) => render(part)).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
