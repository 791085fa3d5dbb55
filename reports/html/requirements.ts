import type { Requirement } from '../../harness/model/clause.ts';
import type { Run } from '../../harness/model/run.ts';
import { groupBy } from '../overview.ts';
import { clauseLink } from './clauses.ts';
import { paragraph, table, tallyText, type Section } from './components.ts';
import { anchor, html, prose, type Content, type Markup } from './markup.ts';

/** Each demand, the clauses that show it, and the verdicts on those: counted, and not summed up into one. */
export function requirements(run: Run): Section {
  const sources = [...Map.groupBy(run.header.catalogue.requirements, ({ source }) => source)];
  const byClause = new Map(groupBy(run.verdicts, ({ clause }) => clause).map(({ key, verdicts }) => [key, verdicts]));
  const show = ({ clauses }: Requirement): Content =>
    clauses.map(
      (clause) => html`<span class="bw-chip">${clauseLink(clause)} ${tallyText(byClause.get(clause) ?? [])}</span> `,
    );
  const tables = sources.map(
    ([source, all]): Markup =>
      html`<h3 class="govuk-heading-m">${source}</h3>
        ${table({
          caption: `Requirements: ${source}`,
          captionHidden: true,
          columns: [{ title: 'Requirement' }, { title: 'Clauses and their verdicts' }],
          rows: all.map((requirement) => [
            html`<span id="${anchor('requirement', requirement.id)}">${requirement.id}</span>
              <span class="bw-plain">${prose(requirement.text)}</span>`,
            show(requirement),
          ]),
        })}`,
  );
  return {
    id: 'requirements',
    title: 'Requirements, clauses and verdicts',
    body: html`${paragraph('From each demand of the programme or of a standard to the clauses that show it, with the verdicts on them, one for each flow.')}${tables}`,
  };
}
