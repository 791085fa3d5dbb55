import type { Run } from '../../harness/model/run.ts';
import { answer, headline, keyFigures } from './answer.ts';
import { clauses } from './clauses.ts';
import { link, type Section } from './components.ts';
import { environment } from './environment.ts';
import { failures } from './failures.ts';
import { guide } from './guide.ts';
import { latency } from './latency.ts';
import { load } from './load.ts';
import { html, trusted, type Markup } from './markup.ts';
import { matrix } from './matrix.ts';
import { inconclusive, notTested } from './reasons.ts';
import { pacts } from './pacts.ts';
import { requirements } from './requirements.ts';
import { stylesheet } from './stylesheet.ts';
import { tested } from './tested.ts';

/** The conformance report: one page that needs no script, no network and no other file. */
export function htmlPage(run: Run): string {
  const body = page(run);
  const { markup } = html`<!DOCTYPE html>
    <html lang="en" class="govuk-template">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <title>${headline(run)} – Busworthy conformance report</title>
        <link rel="icon" href="data:," />
        <style>
          ${trusted(stylesheet(`class="govuk-template" ${body.markup}`))}
        </style>
      </head>
      ${body}
    </html> `;
  return markup;
}

function page(run: Run): Markup {
  const sections: readonly Section[] = [
    keyFigures(run),
    failures(run),
    inconclusive(run),
    requirements(run),
    matrix(run),
    clauses(run),
    notTested(run),
    latency(run),
    ...(run.loads.length === 0 ? [] : [load(run)]),
    ...(run.pacts === undefined ? [] : [pacts(run)]),
    tested(run),
    environment(run),
    guide,
  ];
  const { id, environment: with_, seed } = run.header;
  return html`<body class="govuk-template__body">
    <a href="#main-content" class="govuk-skip-link">Skip to main content</a>
    <header class="bw-header">
      <div class="bw-width"><span class="bw-header__name">Busworthy</span></div>
    </header>
    <div class="bw-width">
      <main class="govuk-main-wrapper" id="main-content" tabindex="-1">
        ${answer(run)} ${contents(sections)} ${sections.map(section)}
      </main>
    </div>
    <footer class="bw-footer">
      <div class="bw-width">
        <p class="govuk-body-s">Busworthy ${with_.busworthy}, run ${id}, seed ${String(seed)}</p>
      </div>
    </footer>
  </body>`;
}

function contents(sections: readonly Section[]): Markup {
  const items = sections.map(({ id, title }) => html`<li>${link(id, title)}</li>`);
  return html`<nav class="bw-contents" aria-labelledby="contents">
    <h2 class="govuk-heading-s" id="contents">Contents</h2>
    <ol class="govuk-list">
      ${items}
    </ol>
  </nav>`;
}

function section({ id, title, body }: Section): Markup {
  return html`<section>
    <h2 class="govuk-heading-l" id="${id}" tabindex="-1">${title}</h2>
    ${body}
  </section> `;
}
