import type { LoadSummary } from '../../harness/model/load.ts';
import { duration } from '../figures.ts';
import { html, type Markup } from './markup.ts';

/** Size of the drawing in its own units, and its margins: room for what stands on the axes. */
const width = 640;
const height = 260;
const left = 62;
const right = 26;
const top = 12;
const bottom = 34;

/** How curves differ beside their colours. */
const dashes = ['', '7 4', '2 3', '10 3 2 3', '14 5', '5 2 1 2'] as const;
const colours = ['#1d70b8', '#942514', '#0f7a52', '#54319f', '#0b0c0c', '#8a4c00'] as const;
const styleOf = (at: number): { readonly colour: string; readonly dash: string } => ({
  colour: colours[at % colours.length] ?? '',
  dash: dashes[at % dashes.length] ?? '',
});

/** Percentiles over their rarity, each on a scale of powers of ten: the tail is most of the drawing. A table says the same in figures. */
export function curve(load: LoadSummary): Markup {
  const drawn = load.subscribers.flatMap(({ application, count, percentiles }, at) => {
    const points = percentiles.filter(({ ms }) => Number.isFinite(ms));
    return points.length === 0 ? [] : [{ application, count, points, ...styleOf(at) }];
  });
  const values = drawn.flatMap(({ points }) => points.map(({ ms }) => ms));
  const low = Math.floor(Math.log10(Math.max(0.1, Math.min(load.objectiveMs, ...values))));
  const high = Math.ceil(Math.log10(Math.max(load.objectiveMs, ...values) * 1.05));
  const decades = Math.max(1, ...drawn.map(({ count }) => Math.log10(count)));
  const x = (share: number, count: number): string =>
    (
      left +
      (Math.min(decades, Math.log10(share === 1 ? count : 1 / (1 - share))) / decades) * (width - left - right)
    ).toFixed(1);
  const y = (ms: number): string =>
    (height - bottom - ((Math.log10(Math.max(10 ** low, ms)) - low) / (high - low)) * (height - top - bottom)).toFixed(
      1,
    );
  const levels = Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at));
  const shares = [0, 0.5, 0.9, 0.99, 0.999, 0.9999].filter((share) => Math.log10(1 / (1 - share)) <= decades);
  return html`<svg
    class="bw-curve"
    viewBox="0 0 ${String(width)} ${String(height)}"
    role="img"
    aria-label="Percentiles of latency on ${load.flow}; the table below has the same figures"
  >
    ${levels.map(
      (ms) =>
        html`<path class="bw-curve__grid" d="M${String(left)} ${y(ms)}H${String(width - right)}" />
          <text x="${String(left - 6)}" y="${y(ms)}" text-anchor="end" dominant-baseline="middle"
            >${duration(ms)}</text
          >`,
    )}
    ${shares.map(
      (share) =>
        html`<text x="${x(share, 1)}" y="${String(height - 10)}" text-anchor="middle">
          ${`${String(Number((share * 100).toPrecision(6)))} %`}
        </text>`,
    )}
    <path class="bw-curve__objective" d="M${String(left)} ${y(load.objectiveMs)}H${String(width - right)}" />
    ${drawn.map(
      ({ points, count, colour, dash }) =>
        html`<polyline
          points="${points.map(({ share, ms }) => `${x(share, count)},${y(ms)}`).join(' ')}"
          stroke="${colour}"
          stroke-dasharray="${dash}"
        />`,
    )}
  </svg>`;
}

/** What each line of the drawing is. */
export function legend({ subscribers, objectiveMs }: LoadSummary): Markup {
  const item = (content: string, colour: string, dash: string): Markup =>
    html`<li>
      <svg class="bw-curve__key" viewBox="0 0 36 8" aria-hidden="true">
        <path d="M0 4H36" stroke="${colour}" stroke-dasharray="${dash}" />
      </svg>
      ${content}
    </li> `;
  return html`<ul class="govuk-list bw-legend">
    ${subscribers.map(({ application }, at) => {
      const { colour, dash } = styleOf(at);
      return item(application, colour, dash);
    })}
    ${item(`objective for p99, ${duration(objectiveMs)}`, '#484949', '1 3')}
  </ul>`;
}
