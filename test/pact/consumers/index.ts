import { anprHit } from './anpr-hit.ts';
import { caseFileTransfer } from './case-file-transfer.ts';
import type { ConsumerTest } from './consumer.ts';
import { custodyTask } from './custody-task.ts';
import { incidentLifecycle } from './incident-lifecycle.ts';
import { recordsCheck } from './records-check.ts';
import { unitState } from './unit-state.ts';

/** What each consuming application of the six services expects of each of its providers. */
export const consumers: readonly ConsumerTest[] = [
  ...anprHit,
  ...caseFileTransfer,
  ...custodyTask,
  ...incidentLifecycle,
  ...recordsCheck,
  ...unitState,
];
