import type { Verdict, VerdictWord } from '../../harness/model/verdict.ts';
import { count, verdictText } from '../figures.ts';
import { tally } from '../overview.ts';
import { html, nothing, type Content, type Markup } from './markup.ts';

/** A part of the page, with its place in the contents. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Markup;
}

export interface TableShape {
  readonly caption: string;
  /** Whether the caption is for those alone who do not see what stands above the table. */
  readonly captionHidden?: true;
  readonly columns: readonly { readonly title: string; readonly numeric?: true }[];
  /** Cells of each row; the first one is the row's heading. */
  readonly rows: readonly (readonly Content[])[];
}

/**
 * A table in a region of its own, which scrolls where the page is narrower than the table. Its cells carry no class of their
 * own, unlike GOV.UK Frontend's: a report has thousands of them.
 */
export function table({ caption, captionHidden, columns, rows }: TableShape): Markup {
  const numeric = (at: number): Markup => (columns[at]?.numeric === undefined ? nothing : html` class="bw-num"`);
  const head = columns.map(({ title }, at) => html`<th scope="col" ${numeric(at)}>${title}</th>`);
  const body = rows.map(([heading = '', ...cells]) => {
    const rest = cells.map((cell, at) => html`<td${numeric(at + 1)}>${cell}</td>`);
    return html`<tr>
      <th scope="row">${heading}</th>
      ${rest}
    </tr> `;
  });
  const shown = captionHidden === undefined ? 'govuk-table__caption--s' : 'govuk-visually-hidden';
  return scrolling(
    caption,
    html`<table class="govuk-table bw-table">
      <caption class="govuk-table__caption ${shown}">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${body}
      </tbody>
    </table>`,
  );
}

/** A region that the keyboard can reach and scroll. */
export function scrolling(label: string, content: Markup): Markup {
  return html`<div class="bw-scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`;
}

export function summaryList(rows: readonly (readonly [key: string, value: Content])[]): Markup {
  const written = rows.map(
    ([key, value]) =>
      html`<div class="govuk-summary-list__row">
        <dt class="govuk-summary-list__key">${key}</dt>
        <dd class="govuk-summary-list__value">${value}</dd>
      </div> `,
  );
  return html`<dl class="govuk-summary-list bw-summary-list">${written}</dl>`;
}

export function paragraph(content: Content): Markup {
  return html`<p class="govuk-body">${content}</p>`;
}

export function bullets(items: readonly Content[]): Markup {
  return html`<ul class="govuk-list govuk-list--bullet">
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

export function details(summary: Content, content: Content, id?: string): Markup {
  const named = id === undefined ? nothing : html` id="${id}"`;
  return html`<details class="govuk-details bw-details" ${named}>
    <summary class="govuk-details__summary">
      <span class="govuk-details__summary-text">${summary}</span>
    </summary>
    <div class="govuk-details__text">${content}</div>
  </details> `;
}

export function link(target: string, content: Content): Markup {
  return html`<a class="govuk-link" href="#${target}">${content}</a>`;
}

/** A command to be copied. */
export function command(text: string): Markup {
  return html`<pre class="bw-command"><code>${text}</code></pre>`;
}

const tagColours: Readonly<Record<VerdictWord, string>> = {
  pass: 'green',
  fail: 'red',
  inconclusive: 'yellow',
  'not-tested': 'grey',
};

export function verdictTag(word: VerdictWord): Markup {
  return html`<strong class="govuk-tag govuk-tag--${tagColours[word]} bw-tag">${verdictText(word)}</strong>`;
}

/** `12 pass, 1 fail`, the fails in bold. */
export function tallyText(verdicts: readonly Verdict[]): Markup {
  const parts = tally(verdicts).map(([word, n], at) => {
    const said = `${count(n)} ${verdictText(word)}`;
    return html`${at === 0 ? '' : ', '}${word === 'fail' ? html`<strong class="bw-failed">${said}</strong>` : said}`;
  });
  return parts.length === 0 ? html`asks nothing of these flows` : html`${parts}`;
}
