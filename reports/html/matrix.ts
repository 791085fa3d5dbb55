import type { Clause } from '../../harness/model/clause.ts';
import type { FlowSummary, Run, ServiceSummary } from '../../harness/model/run.ts';
import type { Verdict, VerdictWord } from '../../harness/model/verdict.ts';
import { count, verdictText } from '../figures.ts';
import { verdictFinder, verdictsOf } from '../overview.ts';
import { clauseLink } from './clauses.ts';
import { link, paragraph, scrolling, type Section } from './components.ts';
import { failureAnchor } from './failures.ts';
import { html, nothing, type Content, type Markup } from './markup.ts';

/** Every verdict of the run: clauses down, flows across, grouped by service. */
export function matrix(run: Run): Section {
  const { services, catalogue } = run.header;
  const find = verdictFinder(run);
  const rows = families(catalogue.clauses).map(
    (family) =>
      html`<tbody>
        ${family.map((clause) => row(run, clause, services, find))}
      </tbody> `,
  );
  const label = 'Clauses and flows';
  const body = scrolling(
    label,
    html`<table class="bw-matrix">
      <caption class="govuk-visually-hidden">
        ${label}: the verdict on every clause for every flow
      </caption>
      <thead>
        <tr>
          <th rowspan="2" scope="col">Clause</th>
          ${services.map(({ name, flows }) => html`<th scope="colgroup" colspan="${count(flows.length)}">${name}</th>`)}
        </tr>
        <tr>
          ${services.map(({ flows }) => flows.map(({ id }, at) => html`<th scope="col" class="bw-matrix__flow${at === 0 ? ' bw-first' : ''}"><span>${channelOf(id)}</span></th>`))}
        </tr>
      </thead>
      ${rows}
    </table>`,
  );
  const failed = verdictsOf(run, 'fail').length === 0 ? '' : ' A fail leads to where it is told.';
  return {
    id: 'matrix',
    title: 'Clauses and flows',
    body: html`${paragraph(`One verdict for each clause and flow; “n/a” where a clause asks nothing of a flow.${failed}`)}${body}`,
  };
}

/** Clauses of one family, such as `ORD`, stand together. */
function families(clauses: readonly Clause[]): readonly (readonly Clause[])[] {
  return [...Map.groupBy(clauses, ({ id }) => id.split('-')[0] ?? id).values()];
}

function row(
  run: Run,
  clause: Clause,
  services: readonly ServiceSummary[],
  find: (clause: string, flow: string) => Verdict | undefined,
): Markup {
  const claimed = run.header.claim.clauses.includes(clause.id);
  const marks = [...(clause.level === 'MUST' ? [] : [clause.level]), ...(claimed ? [] : ['not claimed'])].join(', ');
  const cells = services.map(({ flows }) => flows.map((flow, at) => cell(find(clause.id, flow.id), at === 0)));
  const mark = marks === '' ? nothing : html` <span class="bw-mark">${marks}</span>`;
  return html`<tr>
    <th scope="row">${clauseLink(clause.id)}${mark}</th>
    ${cells}
  </tr> `;
}

const cellClasses: Readonly<Record<VerdictWord, string>> = {
  pass: 'bw-p',
  fail: 'bw-f',
  inconclusive: 'bw-i',
  'not-tested': 'bw-u',
};

function cell(verdict: Verdict | undefined, first: boolean): Markup {
  const edge = first ? ' bw-first' : '';
  if (verdict === undefined) return html`<td class="bw-n${edge}">n/a</td>`;
  const text = verdictText(verdict.verdict);
  const content: Content = verdict.verdict === 'fail' ? link(failureAnchor(verdict), text) : text;
  return html`<td class="${cellClasses[verdict.verdict]}${edge}">${content}</td>`;
}

function channelOf(id: FlowSummary['id']): string {
  return id.slice(id.indexOf('/') + 1);
}
