import type { Flow, Service } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { brokenBundles } from './broken-bundles.ts';
import { canaries } from './canaries.ts';
import { conflicts } from './conflicts.ts';
import { contentAnswers } from './content-answers.ts';
import { crash } from './crash.ts';
import { cutOff } from './cut-off.ts';
import { duplicates } from './duplicates.ts';
import { exhausted } from './exhausted.ts';
import { expiredRequests, expiry } from './expiry.ts';
import { failedOnce } from './failed-once.ts';
import { forgedReplies } from './forged-replies.ts';
import { gap } from './gap.ts';
import { happyFlow } from './happy-flow.ts';
import { holderCrash } from './holder-crash.ts';
import { invalidInjected } from './invalid-injected.ts';
import { invalidReplies } from './invalid-replies.ts';
import { invalidSent } from './invalid-sent.ts';
import { largeBundle } from './large-bundle.ts';
import { load, loadBriefly } from './load.ts';
import { lookalikes } from './lookalikes.ts';
import { lostAcknowledgements } from './lost-acknowledgements.ts';
import { lostSettlements } from './lost-settlements.ts';
import { outOfOrder } from './out-of-order.ts';
import { pactConsumer } from './pact-consumer.ts';
import { pactProvider } from './pact-provider.ts';
import { poison } from './poison.ts';
import { rejected } from './rejected.ts';
import { answerKinds, lateReplies, misdirectedReplies, noResponder } from './replies.ts';
import { remembered } from './remembered.ts';
import { restartSender } from './restart-sender.ts';
import { restartSubscriber } from './restart-subscriber.ts';
import { retried } from './retried.ts';
import { secondInstance } from './second-instance.ts';
import { sizeLimits } from './size-limits.ts';
import { slowContents } from './slow-contents.ts';
import { slowStart } from './slow-start.ts';
import { slowApplication } from './slow-application.ts';
import { traceContext } from './trace-context.ts';
import { unknownFields } from './unknown-fields.ts';

/** Every scenario, in the order in which a run performs them: the happy flow and what wants no adapter to run yet, then those that mostly wait (for timers of the bus), whose time passes beside the others, and last those that keep every core busy, so that they starve none. */
export const scenarios: readonly Scenario[] = [
  happyFlow,
  slowStart,
  lostAcknowledgements,
  lostSettlements,
  holderCrash,
  poison,
  crash,
  cutOff,
  exhausted,
  brokenBundles,
  contentAnswers,
  slowContents,
  restartSubscriber,
  restartSender,
  secondInstance,
  retried,
  slowApplication,
  duplicates,
  conflicts,
  invalidSent,
  invalidInjected,
  invalidReplies,
  forgedReplies,
  answerKinds,
  lateReplies,
  misdirectedReplies,
  noResponder,
  expiredRequests,
  unknownFields,
  traceContext,
  sizeLimits,
  rejected,
  failedOnce,
  lookalikes,
  expiry,
  outOfOrder,
  gap,
  remembered,
  largeBundle,
  canaries,
  pactProvider,
  pactConsumer,
  loadBriefly,
  load,
];

/** The scenarios that show something about a flow. */
export function scenariosFor(service: Service, flow: Flow): readonly Scenario[] {
  return scenarios.filter((scenario) => scenario.applies(flow, service));
}
