import type { Run } from '../../harness/model/run.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { counterexampleFile, counterexampleOf, searchText, sequenceText, sizeText } from '../counterexample.ts';
import { replayCommand } from '../reproduce.ts';
import { command, details, scrolling } from './components.ts';
import { html, nothing, type Markup } from './markup.ts';
import { sequenceDrawing } from './sequence.ts';

/** The smallest sequence of messages that shows a failure, drawn and in words, where one was looked for. */
export function smallest(run: Run, verdict: Verdict): Markup {
  const counterexample = counterexampleOf(run, verdict);
  if (counterexample === undefined) return nothing;
  const { sequence, clause, flow } = counterexample;
  const title = `Sequence of messages under which ${clause} fails on ${flow}`;
  const file = counterexampleFile(counterexample);
  return html`<h4 class="govuk-heading-s">The smallest sequence that shows it</h4>
    <p class="govuk-body">${sizeText(counterexample)}. ${searchText(counterexample)}</p>
    ${
      sequence.messages.length === 0
        ? nothing
        : html`<ul class="govuk-list">
            ${sequence.messages.map(({ number, text }) => html`<li><strong>#${String(number)}</strong> ${text}</li> `)}
          </ul>`
    }
    ${sequence.entries.length === 0 ? nothing : scrolling(title, sequenceDrawing(sequence, title))}
    ${details(
      'The same in words; ! marks what proves the failure',
      html`<pre class="bw-steps"><code>${sequenceText(counterexample).join('\n')}</code></pre>`,
    )}
    <p class="govuk-body bw-lead">To see this sequence again (<a class="govuk-link" href="${file}">${file}</a>)</p>
    ${command(replayCommand(run, file))}`;
}
