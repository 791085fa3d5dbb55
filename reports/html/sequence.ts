import type { Lifeline, Sequence, SequenceEntry } from '../../harness/model/sequence.ts';
import { instant } from '../figures.ts';
import { printable } from '../printable.ts';
import { html, nothing, type Markup } from './markup.ts';

/** Sizes of the drawing in its own units: a column for each lifeline, a row for each entry, room for the times at the left. */
const column = 150;
const row = 34;
const left = 90;
const top = 62;
const bottom = 16;
/** Characters of a label that fit between two lifelines, and of a name above one. */
const mostLabel = 23;
const mostName = 19;

/** Who took part, time downwards; what proves the failure is heavier. The list beside it says the same in words. */
export function sequenceDrawing({ lifelines, entries }: Sequence, title: string): Markup {
  const width = left + lifelines.length * column;
  const height = top + entries.length * row + bottom;
  const x = (at: number): number => left + (at + 0.5) * column;
  const y = (at: number): number => top + (at + 0.6) * row;
  return html`<svg
    class="bw-sequence"
    viewBox="0 0 ${String(width)} ${String(height)}"
    width="${String(width)}"
    height="${String(height)}"
    role="img"
    aria-label="${title}; the list below says the same in words"
  >
    ${lifelines.map((lifeline, at) => head(lifeline, x(at), height))}
    ${entries.map((entry, at) => drawn(entry, x, y(at)))}
  </svg>`;
}

function head({ kind, name }: Lifeline, x: number, height: number): Markup {
  const [first, second] = twoLines(kind, name);
  return html`<g class="bw-sequence__${kind}">
    <path class="bw-sequence__line" d="M${String(x)} 46V${String(height - bottom)}" />
    <rect x="${String(x - column / 2 + 6)}" y="4" width="${String(column - 12)}" height="42" />
    <text x="${String(x)}" y="${second === '' ? '30' : '21'}" text-anchor="middle">${first}</text>
    ${second === '' ? nothing : html`<text x="${String(x)}" y="38" text-anchor="middle">${second}</text>`}
  </g> `;
}

/** An adapter's name says whose it is in a line of its own. */
function twoLines(kind: Lifeline['kind'], name: string): readonly [string, string] {
  const adapter = /^(adapter(?: \d+)? of) (.*)$/u.exec(name);
  if (adapter !== null) return [adapter[1] ?? '', short(adapter[2] ?? '', mostName)];
  return kind === 'application' ? ['application', short(name, mostName)] : [short(name, mostName), ''];
}

function drawn(entry: SequenceEntry, x: (at: number) => number, y: number): Markup {
  const { text, proof } = entry;
  const heavy = proof ? ' bw-sequence--proof' : '';
  const time = html`<text class="bw-sequence__time" x="${String(left - 10)}" y="${String(y + 4)}" text-anchor="end"
    >${instant(entry.at)}</text
  >`;
  if (entry.what === 'mark') {
    const middle = x(entry.on);
    return html`<g class="bw-sequence__mark${heavy}">
      ${time}
      <rect x="${String(middle - column / 2 + 8)}" y="${String(y - 11)}" width="${String(column - 16)}" height="22" />
      <text x="${String(middle)}" y="${String(y + 4)}" text-anchor="middle">${short(text, mostLabel - 3)}</text>
    </g> `;
  }
  const [from, to] = [x(entry.from), x(entry.to)];
  const way = to > from ? -1 : 1;
  const span = Math.abs(entry.from - entry.to);
  return html`<g class="bw-sequence__arrow${entry.answer ? ' bw-sequence__arrow--answer' : ''}${heavy}">
    ${time}
    <path class="bw-sequence__shaft" d="M${String(from)} ${String(y)}H${String(to + way * 2)}" />
    <path class="bw-sequence__tip" d="M${String(to)} ${String(y)}l${String(way * 9)} -5v10z" />
    <text x="${String((from + to) / 2)}" y="${String(y - 6)}" text-anchor="middle"
      >${short(text, mostLabel * span)}</text
    >
  </g> `;
}

function short(text: string, most: number): string {
  const said = printable(text);
  return said.length <= most ? said : `${said.slice(0, most - 1).toWellFormed()}…`;
}
