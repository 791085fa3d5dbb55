import type { Run } from '../../harness/model/run.ts';
import type { Verdict, VerdictWord } from '../../harness/model/verdict.ts';
import { count, counted } from '../figures.ts';
import { groupBy, verdictsOf } from '../overview.ts';
import { clauseLink } from './clauses.ts';
import { details, paragraph, table, type Section } from './components.ts';
import { html, prose, type Content } from './markup.ts';

export function inconclusive(run: Run): Section {
  const verdicts = verdictsOf(run, 'inconclusive');
  const body =
    verdicts.length === 0
      ? paragraph('Nothing was inconclusive: every clause that was put to the test has an answer.')
      : html`${paragraph('Put to the test, and yet the history does not allow an answer. This is no pass.')}${byReason(run, 'inconclusive')}`;
  return { id: 'inconclusive', title: `Inconclusive: ${count(verdicts.length)}`, body };
}

export function notTested(run: Run): Section {
  const verdicts = verdictsOf(run, 'not-tested');
  const body =
    verdicts.length === 0
      ? paragraph('Every clause that applies was put to the test.')
      : html`${paragraph('Nothing is known about these. This is no pass.')}${byReason(run, 'not-tested')}`;
  return { id: 'not-tested', title: `Not tested: ${count(verdicts.length)}`, body };
}

function byReason(run: Run, word: VerdictWord) {
  const groups = groupBy(verdictsOf(run, word), ({ reason }) => reason);
  return table({
    caption: word === 'inconclusive' ? 'Reasons why clauses are inconclusive' : 'Reasons why clauses were not tested',
    captionHidden: true,
    columns: [{ title: 'Reason' }, { title: 'Clauses and flows' }],
    rows: groups.map(({ key, verdicts }) => [html`<span class="bw-plain">${prose(key)}</span>`, onFlows(verdicts)]),
  });
}

/** Clauses, each with its flows: named where they are few, folded away where they are many. */
function onFlows(verdicts: readonly Verdict[]): Content {
  return groupBy(verdicts, ({ clause }) => clause).map(({ key, verdicts: of }) => {
    const flows = of.map(({ flow }) => flow).join(', ');
    return html`<div class="bw-line">
      ${clauseLink(key)} ${of.length <= 2 ? html`on ${flows}` : details(`on ${counted(of.length, 'flow')}`, flows)}
    </div>`;
  });
}
