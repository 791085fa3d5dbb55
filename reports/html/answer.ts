import type { Answer, Run } from '../../harness/model/run.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { calibrationText } from '../calibration.ts';
import { count, counted, dateTime, duration } from '../figures.ts';
import { binding, flowsOf } from '../overview.ts';
import { summaryList, tallyText, type Section } from './components.ts';
import { html, nothing, type Markup } from './markup.ts';

const panels: Readonly<Record<Answer, string>> = {
  holds: 'bw-answer--holds',
  'does not hold': 'bw-answer--broken',
  'cannot be said': 'bw-answer--open',
};

/** The answer as a title. */
export function headline({ sentence }: Run): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}

/** The answer and what was claimed, before everything else. */
export function answer(run: Run): Markup {
  const { claim, catalogue } = run.header;
  const title = catalogue.profiles.find(({ name }) => name === claim.profile)?.title;
  const narrowed = claim.narrowed === '' ? nothing : html` Narrowed to ${claim.narrowed}.`;
  return html`<div class="bw-answer ${panels[run.answer]}">
      <p class="bw-answer__kind">Conformance report</p>
      <h1 class="bw-answer__title">${headline(run)}</h1>
      <p class="bw-answer__claim">
        Claimed profile: <strong>${claim.profile}</strong>,
        ${counted(claim.clauses.length, 'clause')}.${title === undefined ? nothing : html` ${title}.`}${narrowed}
      </p>
    </div>
    <div class="govuk-inset-text">
      Illustrative: the services, their messages and all data are invented. They are nobody’s real interfaces, and this
      report is no certificate.
    </div>`;
}

export function keyFigures(run: Run): Section {
  const { header, trials } = run;
  const binds = binding(run);
  const sum = (each: (trial: Run['trials'][number]) => number): number =>
    trials.reduce((all, trial) => all + each(trial), 0);
  const put = run.verdicts.reduce((all, { exercised }: Verdict) => all + exercised, 0);
  const troubled = trials.filter(({ problems, complete }) => problems.length > 0 || !complete).length;
  const body = summaryList([
    [`MUST clauses of ${header.claim.profile}`, tallyText(run.verdicts.filter(({ clause }) => binds(clause)))],
    ['All other clauses', tallyText(run.verdicts.filter(({ clause }) => !binds(clause)))],
    ['Clauses put to the test', counted(put, 'time')],
    [
      'What ran',
      `${counted(header.services.length, 'service')}, ${counted(flowsOf(run).length, 'flow')}, ${counted(trials.length, 'trial')} in ${duration(run.durationMs)}`,
    ],
    ['Messages', `${count(sum(({ sends }) => sends))} sent, ${count(sum(({ deliveries }) => deliveries))} handed over`],
    ['Trouble in the harness', troubled === 0 ? 'none' : `in ${counted(troubled, 'trial')}`],
    ['How far it can be believed', calibrationText(run)],
    ['Run on', html`<time datetime="${header.startedAt}">${dateTime(header.startedAt)}</time>`],
    ['Seed', String(header.seed)],
    [
      'Declared durations',
      header.shortened.length === 0
        ? 'as declared'
        : `${count(header.shortened.length)} shortened, at a time scale of ${String(header.timeScale)}`,
    ],
  ]);
  return {
    id: 'key-figures',
    title: 'At a glance',
    body: html`${body}
      <p class="govuk-body-s">Verdicts are counted once for each clause and each flow that it applies to.</p>`,
  };
}
