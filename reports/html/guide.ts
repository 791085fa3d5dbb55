import { bullets, paragraph, verdictTag, type Section } from './components.ts';
import { html } from './markup.ts';

/** What the words of the report mean, and what it does not say. */
export const guide: Section = {
  id: 'guide',
  title: 'How to read this report',
  body: html`${bullets([
    html`${verdictTag('pass')} the history put the clause to the test, and it held each time.`,
    html`${verdictTag('fail')} the history holds lines that prove that it was broken.`,
    html`${verdictTag('inconclusive')} it was put to the test, but the history does not allow an answer: the flow did
    not drain, a fault did not take effect, or the harness itself was late.`,
    html`${verdictTag('not-tested')} nothing put it to the test, for the reason given.`,
  ])}${paragraph(
    'Only a pass is a pass. The claim holds where every applicable MUST clause of the claimed profile passes; SHOULD clauses and clauses outside the claim are reported and change no answer.',
  )}${paragraph(
    'A pass is a statement about this run: these workloads, this seed, these faults. The bound beside it says how often the clause may still fail, with a confidence of 95 %, if the trials are taken as independent.',
  )}${paragraph(
    'Beside this page are the same findings for machines (run.json, junit.xml), a short form (summary.md), and, where the run was made here, the journal that all verdicts are computed from. “busworthy judge” computes them again from the journal, without a bus. Times in the lines of a history count from the start of their trial. No message content is kept.',
  )}`,
};
