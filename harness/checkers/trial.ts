import type { Flow, Service } from '../model/flow.ts';
import type { History, TableName } from '../model/history.ts';
import type { Contract, Evidence } from '../model/verdict.ts';
import { consumersOfReceiver } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import { memo } from './memo.ts';

/** One trial's history, seen from one flow. What checkers share is worked out from it once (see `memo`). */
export interface Trial {
  readonly service: Service;
  readonly flow: Flow;
  readonly history: History;
  /** Index of the flow's id, and of its stream's name, in the history's texts; NONE where the history never names it. */
  readonly flowText: number;
  readonly streamText: number;
  /** Receiving applications; a set of them is a bit mask by their place here. */
  readonly receivers: readonly string[];
}

const trials = memo((_: History) => new WeakMap<Flow, Trial>());

export function trialOf(contract: Contract, history: History): Trial {
  const known = trials(history).get(contract.flow);
  if (known !== undefined) return known;
  const { flow, service } = contract;
  const trial: Trial = {
    service,
    flow,
    history,
    flowText: history.texts.find(flow.id),
    streamText: flow.stream === undefined ? NONE : history.texts.find(flow.stream),
    receivers: flow.receivers.map((receiver) => receiver.application),
  };
  trials(history).set(flow, trial);
  return trial;
}

/** Text index of an application, or of one of its consumers, → its place among the receivers. */
export const receiverPlaces = memo((trial: Trial): ReadonlyMap<number, number> => {
  const places = new Map<number, number>();
  for (const [place, receiver] of trial.flow.receivers.entries()) {
    const names = consumersOfReceiver(trial.flow, receiver).map((consumer) => consumer.name);
    for (const name of [...names, receiver.application]) places.set(trial.history.texts.find(name), place);
  }
  places.delete(NONE);
  return places;
});

/** The receiving application at a place. */
export const receiverAt = (trial: Trial, place: number): string => trial.receivers[place] ?? '';

export const isRequestReply = (trial: Trial): boolean => trial.flow.pattern === 'request-reply';

export const row = (table: TableName, index: number): Evidence => ({ table, row: index });

/** Evidence from pairs of table and row, those left out that are not there. */
export function rows(...pairs: readonly (readonly [TableName, number | undefined])[]): readonly Evidence[] {
  return pairs.flatMap(([table, index]) => (index === undefined || index === NONE ? [] : [row(table, index)]));
}
