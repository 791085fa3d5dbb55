import type { Run } from '../../harness/model/run.ts';
import type { Failure, Verdict } from '../../harness/model/verdict.ts';
import { evidenceReader, type ReadLine } from '../evidence.ts';
import { count, counted } from '../figures.ts';
import { clausesOf, requirementsOf, standing, verdictsOf } from '../overview.ts';
import { reproduce } from '../reproduce.ts';
import { bullets, command, details, link, paragraph, summaryList, type Section } from './components.ts';
import { anchor, html, nothing, prose, type Content, type Markup } from './markup.ts';
import { proof } from './proof.ts';
import { smallest } from './smallest.ts';

/** Failed verdicts told in full, and failures told of each; the others are named, and in run.json. */
const FULL_VERDICTS = 40;
const FULL_FAILURES = 5;

type TrialFailure = Failure & { readonly trial: string };

export function failures(run: Run): Section {
  const failed = verdictsOf(run, 'fail');
  const read = evidenceReader(run);
  const rest = failed.slice(FULL_VERDICTS);
  const body =
    failed.length === 0
      ? paragraph('No clause failed.')
      : html`${failed.slice(0, FULL_VERDICTS).map((verdict) => article(run, verdict, read))}${
          rest.length === 0
            ? nothing
            : bullets(rest.map(({ clause, flow, reason }) => html`${clause} on ${flow}: ${reason}`))
        }`;
  return { id: 'failures', title: `Failures: ${count(failed.length)}`, body };
}

/** Where a failed verdict is told. */
export function failureAnchor({ clause, flow }: Verdict): string {
  return anchor('failure', clause, flow);
}

function article(run: Run, verdict: Verdict, read: (failure: TrialFailure) => readonly ReadLine[]): Markup {
  const clause = clausesOf(run).get(verdict.clause);
  const id = failureAnchor(verdict);
  const [first, ...others] = verdict.failures;
  const asked = requirementsOf(run, verdict.clause);
  const trial = run.trials.find((each) => each.id === first?.trial);
  const rows: (readonly [string, Content])[] = [
    ...(first === undefined ? [['Observed', verdict.reason] as const] : expectation(first)),
    ['How often', `${counted(verdict.failed, 'time')}, of ${count(verdict.exercised)} that it was put to the test`],
    ...(clause === undefined ? [] : [['Why it matters', prose(clause.why)] as const]),
    ...(asked.length === 0
      ? []
      : [
          [
            'Asked for by',
            html`${asked.map(({ id: requirement, text }) => html`<span class="bw-line">${link(anchor('requirement', requirement), requirement)} ${prose(text)}</span>`)}`,
          ] as const,
        ]),
    ...(trial === undefined ? [] : [['Found by', html`${trial.scenario}: ${trial.title}`] as const]),
  ];
  return html`<article class="bw-failure" id="${id}" aria-labelledby="${id}-title">
    <h3 class="govuk-heading-m" id="${id}-title">
      <span class="bw-failure__clause">${verdict.clause}</span> on ${verdict.flow}
    </h3>
    ${clause === undefined ? nothing : html`<p class="govuk-body">${prose(clause.text)} <span class="bw-standing">(${standing(run, clause)})</span></p>`}
    ${summaryList(rows)}${
      first === undefined
        ? nothing
        : html`${proof(`What proves it: ${verdict.clause} on ${verdict.flow}`, read(first))}
            <p class="govuk-body bw-lead">To see it again</p>
            ${command(reproduce(run, first.trial))}`
    }${smallest(run, verdict)}${further(verdict, others, read)}
  </article> `;
}

function expectation({ application, expected, observed }: Failure): readonly (readonly [string, Content])[] {
  return [
    ['Expected', expected],
    ['Observed', html`<strong>${observed}</strong>`],
    ...(application === undefined ? [] : [['At application', application] as const]),
  ];
}

function further(
  verdict: Verdict,
  others: readonly TrialFailure[],
  read: (failure: TrialFailure) => readonly ReadLine[],
): Markup {
  if (others.length === 0) return nothing;
  const told = others.slice(0, FULL_FAILURES - 1);
  const hidden = verdict.failed - 1 - told.length;
  const each = told.map(
    (failure, at) =>
      html`${summaryList([...expectation(failure), ['Trial', failure.trial]])}${proof(
        `What proves failure ${count(at + 2)} of ${verdict.clause} on ${verdict.flow}`,
        read(failure),
      )}`,
  );
  const rest =
    hidden > 0 ? paragraph(`${counted(hidden, 'further failure')}: run.json holds the first of them.`) : nothing;
  return details(
    `${counted(verdict.failed - 1, 'further failure')} of ${verdict.clause} on ${verdict.flow}`,
    html`${each}${rest}`,
  );
}
