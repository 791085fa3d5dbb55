import type { Clause } from '../../harness/model/clause.ts';
import type { Run } from '../../harness/model/run.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { count, counted, NO_FIGURE, percent } from '../figures.ts';
import { groupBy, requirementsOf, standing } from '../overview.ts';
import { details, link, paragraph, summaryList, table, tallyText, verdictTag, type Section } from './components.ts';
import { anchor, html, nothing, prose, type Content, type Markup } from './markup.ts';

export function clauseAnchor(clause: string): string {
  return anchor('clause', clause);
}

export function clauseLink(clause: string): Markup {
  return link(clauseAnchor(clause), clause);
}

/** Each clause with what it rests on: how often it was put to the test on each flow, and what a pass is worth. */
export function clauses(run: Run): Section {
  const { catalogue } = run.header;
  const byClause = new Map(groupBy(run.verdicts, ({ clause }) => clause).map(({ key, verdicts }) => [key, verdicts]));
  return {
    id: 'clauses',
    title: 'Clause by clause',
    body: html`${paragraph(
      'What each clause asks and why, how it was put to the test, and what a pass is worth: where nothing failed in n trials, the rate of failure is at most about 3 ⁄ n, with a confidence of 95 %.',
    )}${catalogue.clauses.map((clause) => one(run, clause, byClause.get(clause.id) ?? []))}`,
  };
}

function one(run: Run, clause: Clause, verdicts: readonly Verdict[]): Markup {
  const asked = requirementsOf(run, clause.id);
  const requirements = asked.map(({ id }, at) => html`${at === 0 ? '' : ', '}${link(anchor('requirement', id), id)}`);
  const facts = summaryList([
    ['Standing', standing(run, clause)],
    ['Judged', clause.subjects.join(', ')],
    ['Why', prose(clause.why)],
    ['Put to the test', prose(clause.test)],
    ['Asked for by', asked.length === 0 ? 'no requirement' : requirements],
  ]);
  const summary = html`<strong>${clause.id}</strong> ${prose(clause.text)}
    <span class="bw-tally">${tallyText(verdicts)}</span>`;
  return details(summary, html`${facts}${tested(clause, verdicts)}${untested(verdicts)}`, clauseAnchor(clause.id));
}

function tested(clause: Clause, verdicts: readonly Verdict[]): Markup {
  const known = verdicts.filter(({ verdict }) => verdict !== 'not-tested');
  if (known.length === 0) return nothing;
  return table({
    caption: `Verdicts on ${clause.id}`,
    columns: [
      { title: 'Flow' },
      { title: 'Verdict' },
      { title: 'Put to the test', numeric: true },
      { title: 'Fails at most', numeric: true },
      { title: 'What it rests on' },
    ],
    rows: known.map((verdict) => [
      verdict.flow,
      verdictTag(verdict.verdict),
      counted(verdict.exercised, 'time'),
      verdict.bound === undefined ? NO_FIGURE : percent(verdict.bound),
      basis(verdict),
    ]),
  });
}

function basis({ reason, notes, trials }: Verdict): Content {
  const said = [reason, ...notes].filter((text) => text !== '');
  return [
    ...said.map((text) => html`<span class="bw-line">${text}</span>`),
    html`<span class="bw-line">${counted(trials.length, 'trial')}</span>`,
  ];
}

function untested(verdicts: readonly Verdict[]): Content {
  const open = verdicts.filter(({ verdict }) => verdict === 'not-tested');
  return groupBy(open, ({ reason }) => reason).map(
    ({ key, verdicts: of }) =>
      html`<p class="govuk-body-s">
        ${verdictTag('not-tested')} on ${count(of.length)} ${of.length === 1 ? 'flow' : 'flows'}
        (${of.map(({ flow }) => flow).join(', ')}): ${prose(key)}
      </p>`,
  );
}
