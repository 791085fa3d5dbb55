import { fileURLToPath } from 'node:url';
import { loadContracts } from '../../harness/contracts/index.ts';
import { judge } from '../../harness/evidence/judge.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import type { Run } from '../../harness/model/run.ts';
import { run, trial } from './build.ts';

/**
 * A run as `judge` makes it, from real contracts and the journal of a trial in which an event went round once and next to
 * nothing was observed: far from a pass.
 */
export async function judgedRun(): Promise<Run> {
  const { services, catalogue } = await loadContracts(fileURLToPath(new URL('../../contracts', import.meta.url)));
  const flow = services.flatMap((service) => service.flows).find(({ id }) => id === 'incident-lifecycle/incidents')!;
  const claim = {
    profile: 'core',
    clauses: catalogue.profiles.find(({ name }) => name === 'core')!.clauses,
    narrowed: '',
  };
  const history = new HistoryBuilder();
  const { source, id } = { source: '/command-and-control', id: 'a-1' };
  history.append('planned', { flow: flow.id, id, source, type: 'IncidentCreated', expires: Number.NaN });
  history.append('send', {
    at: 1,
    done: 2,
    intended: 1,
    message: 0,
    application: flow.senders[0]!,
    outcome: 'ok',
    status: 202,
  });
  for (const at of [3, 4]) {
    history.append('delivery', {
      at,
      done: at + 1,
      message: 0,
      id,
      source,
      flow: flow.id,
      application: 'mobile',
      outcome: 'ok',
      effect: 'yes',
      valid: 'no',
      bodyIntact: 'no',
    });
  }
  return judge({
    header: { ...run().header, services, catalogue, claim },
    trials: [
      {
        header: { ...trial(flow.id, 'happy-flow'), clauses: claim.clauses },
        history: history.history(),
        end: { durationMs: 12, epochMs: 0 },
      },
    ],
    durationMs: 20,
  });
}
