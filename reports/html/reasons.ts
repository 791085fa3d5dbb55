import type { Run } from '../../harness/model/run.ts';
import type { Verdict, VerdictWord } from '../../harness/model/verdict.ts';
import { count, counted } from '../figures.ts';
import { groupBy, verdictsOf } from '../overview.ts';
import { clauseLink } from './clauses.ts';
import { paragraph, table, type Section } from './components.ts';
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
    rows: groups.map(({ key, verdicts }) => [
      html`<span class="bw-plain">${prose(key)}</span>`,
      onFlows(verdicts, word === 'inconclusive' ? Infinity : 2),
    ]),
  });
}

/** Clauses, each with its flows; of what was not tested many flows are counted, since the table of clauses and flows has them. */
function onFlows(verdicts: readonly Verdict[], most: number): Content {
  return groupBy(verdicts, ({ clause }) => clause).map(({ key, verdicts: of }) => {
    const flows = of.length > most ? counted(of.length, 'flow') : of.map(({ flow }) => flow).join(', ');
    return html`<span class="bw-line">${clauseLink(key)} on ${flows}</span>`;
  });
}
