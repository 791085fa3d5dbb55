import { standardSteps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { givenUpAs, settling, someText, withHeaders } from './changes.ts';

const bundles = 'case-file-transfer/bundles';

/** The event first, and its contents after. */
async function contentsLast<T>(contents: () => Promise<T | undefined>, event: () => Promise<T>): Promise<T> {
  const outcome = await event();
  return (await contents()) ?? outcome;
}

/** Faults of large content beside the bus. */
export const ofBundles: readonly Defect[] = [
  {
    name: 'manifest-before-content',
    title: 'publishes the manifest first and stores the contents after',
    clause: 'DEL-3',
    flow: bundles,
    scenario: 'happy-flow',
    breaks: { steps: { offer: contentsLast } },
  },
  {
    name: 'manifest-though-refused',
    title: 'publishes the manifest whatever came of its contents',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        offer: async (staging, send) => {
          await staging();
          return await send();
        },
      },
    },
  },
  {
    name: 'refused-content-left',
    title: 'leaves in the store what it has refused',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { withdraw: () => Promise.resolve() } },
  },
  {
    name: 'compares-sizes-of-contents',
    title: 'stores contents of the right size, whatever their digest is',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        contentFits: (item, found, way) =>
          way === 'to-bus' ? item.bytes === found.bytes : standardSteps.contentFits(item, found, way),
      },
    },
  },
  {
    name: 'contents-unchecked',
    title: 'hands over contents without comparing them with the manifest',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        contentFits: (item, found, way) => way === 'to-application' || standardSteps.contentFits(item, found, way),
      },
    },
  },
  {
    name: 'first-content-checked-only',
    title: 'compares the first of the contents and takes the others as they are',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        contentFits: (item, found, way) =>
          (way === 'to-application' && item.index > 0) || standardSteps.contentFits(item, found, way),
      },
    },
  },
  {
    name: 'content-in-object-name',
    title: 'names its objects after what the manifest says of them',
    clause: 'AUD-2',
    flow: bundles,
    scenario: 'canaries',
    breaks: { steps: { objectName: (named, event) => `${named}-${someText(event)}` } },
  },
  {
    name: 'partial-bundle-visible',
    title: 'hands the manifest over before the contents are staged',
    clause: 'DEL-3',
    flow: bundles,
    scenario: 'happy-flow',
    breaks: { steps: { take: contentsLast } },
  },
  {
    name: 'contents-never-staged',
    title: 'hands the manifest over alone',
    clause: 'SCH-2',
    flow: bundles,
    scenario: 'happy-flow',
    breaks: { steps: { take: (_stage, post) => post() } },
  },
  {
    name: 'broken-bundle-acknowledged',
    title: 'acknowledges a bundle whose contents are not as the manifest says',
    clause: 'DLQ-4',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: settling(givenUpAs('content'), (held) => held.acknowledge()) },
  },
  {
    name: 'broken-bundle-refused-in-silence',
    title: 'gives a bundle up whose contents are wrong, and tells nobody but the bus',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refuses: () => false } },
  },
  {
    name: 'refuses-what-is-dead-lettered',
    title: 'sends a refusal of what its application rejects, though the contract has it kept as a dead letter alone',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'rejected',
    breaks: { steps: { refuses: (_flow, reason) => reason === 'rejected' || reason === 'content' } },
  },
  {
    name: 'refusal-of-a-bundle-without-cause',
    title: 'names another event as the cause of a refusal',
    clause: 'ENV-4',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-causationid': 'adapter' }) } },
  },
];
