import type { ReadLine } from '../evidence.ts';
import { counted } from '../figures.ts';
import { table } from './components.ts';
import { html, nothing, type Markup } from './markup.ts';

/** Lines shown of one failure; the others are in run.json. */
const SHOWN_LINES = 20;

/** The lines of a history that prove a failure. */
export function proof(caption: string, lines: readonly ReadLine[]): Markup {
  if (lines.length === 0) return nothing;
  const hidden = lines.length - SHOWN_LINES;
  return html`${table({
    caption,
    columns: [{ title: 'Line' }, { title: 'After' }, { title: 'What it says' }],
    rows: lines
      .slice(0, SHOWN_LINES)
      .map(({ what, at, details }) => [
        html`<span class="bw-nowrap">${what}</span>`,
        html`<span class="bw-nowrap">${at === '' ? 'planned' : at}</span>`,
        cells(details),
      ]),
  })}${hidden > 0 ? html`<p class="govuk-body-s">${counted(hidden, 'line')} more in run.json.</p>` : nothing}`;
}

function cells(details: ReadLine['details']): Markup {
  return html`${details.map(({ name, value }, at) => html`${at === 0 ? '' : ' · '}<span class="bw-name">${name}</span> <span class="bw-value">${value}</span>`)}`;
}
