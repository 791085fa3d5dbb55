import { memo } from './memo.ts';
import type { Trial } from './trial.ts';

/** What a planned message breaks; `trace` breaks nothing, for a malformed traceparent never rejects a message. */
export type ViolationKind =
  | 'none'
  | 'schema'
  | 'rule'
  | 'time'
  | 'classification'
  | 'header'
  | 'size'
  | 'content'
  | 'trace';

const kinds: readonly ViolationKind[] = [
  'none',
  'schema',
  'rule',
  'time',
  'classification',
  'header',
  'size',
  'content',
  'trace',
];

/** `planned.violation` of an event whose content type says that it is in structured or batch mode, which the port does not have. */
export const otherModes: readonly string[] = [
  'header:ce-datacontenttype:not-allowed',
  'header:ce-datacontenttype:batch-mode',
];

export function violationKind(text: string): ViolationKind {
  if (text === '') return 'none';
  const [kind, name] = text.split(':', 2);
  if (kind === 'schema' || kind === 'rule' || kind === 'size' || kind === 'content') return kind;
  if (name === 'ce-time' || name === 'ce-expirytime') return 'time';
  if (name === 'ce-classification') return 'classification';
  return name === 'traceparent' || name === 'tracestate' ? 'trace' : 'header';
}

/** Whether a bundle's contents are not as its manifest says. */
export const isBrokenBundle = ({ history: { planned, texts } }: Trial, message: number): boolean =>
  violationKind(texts.at(planned.columns.violation[message] ?? 0)) === 'content';

/** The same, where looking at what the store says of them shows it: a store that gives other bytes than it says may be tried again. */
export const isBrokenInStore = (trial: Trial, message: number): boolean =>
  isBrokenBundle(trial, message) &&
  !trial.history.texts.at(trial.history.planned.columns.violation[message] ?? 0).startsWith('content:bytes');

export interface Violations {
  /** Planned message of this flow → whether it is valid; 0 for an invalid one and one of another flow. */
  readonly valid: Uint8Array;
  /** The invalid messages of this flow, by what they break. */
  readonly of: (kind: ViolationKind) => readonly number[];
}

/** Relies on `planned.flow` and `planned.violation`. */
export const violations = memo((trial: Trial): Violations => {
  const { planned, texts } = trial.history;
  const { flow, violation } = planned.columns;
  const valid = new Uint8Array(planned.length);
  const found = new Map<ViolationKind, number[]>(kinds.map((kind) => [kind, []]));
  const kindOf = new Map<number, ViolationKind>([[0, 'none']]);
  for (let message = 0; message < planned.length; message++) {
    if (flow[message] !== trial.flowText) continue;
    const text = violation[message] ?? 0;
    if (text === 0) {
      valid[message] = 1;
      continue;
    }
    const kind = kindOf.get(text) ?? violationKind(texts.at(text));
    kindOf.set(text, kind);
    if (kind === 'trace') valid[message] = 1;
    found.get(kind)?.push(message);
  }
  return { valid, of: (kind) => found.get(kind) ?? [] };
});
