import type { Run } from '../../harness/model/run.ts';
import { calibrationText } from '../calibration.ts';
import { counted, duration } from '../figures.ts';
import { commandOf } from '../reproduce.ts';
import { command, details, paragraph, summaryList, table, type Section } from './components.ts';
import { html } from './markup.ts';

export function environment(run: Run): Section {
  const { id, seed, timeScale, environment: with_ } = run.header;
  const facts = summaryList([
    ['Run', id],
    ['Busworthy', with_.busworthy],
    ['nats-server', `${with_.bus.serverVersion}, runtime ${with_.bus.runtime}`],
    ['Node', with_.node],
    ['Machine', `${with_.platform}, ${counted(with_.cpus, 'core')}`],
    ['Calibration', calibrationText(run)],
    ['Seed', String(seed)],
    ['Time scale', String(timeScale)],
    ...(with_.adapters ?? []).map(({ service, application, file, command: how, digest }): [string, string] => [
      `Adapter of ${application}`,
      file === '' ? `${how} (${service})` : `${file}: ${how} (${service}, sha256 ${digest.slice(0, 12)})`,
    ]),
  ]);
  return {
    id: 'environment',
    title: 'Environment',
    body: html`${facts}${shortened(run)}
      <p class="govuk-body bw-lead">To run all of it again</p>
      ${command(commandOf(run))}`,
  };
}

function shortened({ header }: Run) {
  const all = header.shortened;
  if (all.length === 0) return paragraph('All durations were run as the contracts declare them.');
  return details(
    `${counted(all.length, 'declared duration')} ${all.length === 1 ? 'was' : 'were'} shortened`,
    table({
      caption: 'Shortened durations',
      captionHidden: true,
      columns: [
        { title: 'Flow' },
        { title: 'What' },
        { title: 'Declared', numeric: true },
        { title: 'As run', numeric: true },
      ],
      rows: all.map(({ flow, what, declaredMs, effectiveMs }) => [
        flow,
        what,
        duration(declaredMs),
        duration(effectiveMs),
      ]),
    }),
  );
}
