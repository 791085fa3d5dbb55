import type { CloudEvent } from '../../model/event.ts';
import { unavailable } from '../../patterns/outcome.ts';
import { standardSteps, type Steps } from '../../patterns/steps.ts';
import type { Defect } from '../defect.ts';
import { givenUpAs, settling, settlingBeforeTelling, someText, without, withHeaders, withMembers } from './changes.ts';

const bundles = 'case-file-transfer/bundles';

/** The event first, and its contents after. */
async function contentsLast<T>(contents: () => Promise<T | undefined>, event: () => Promise<T>): Promise<T> {
  const outcome = await event();
  return (await contents()) ?? outcome;
}

/** Whether an event has expired, said truly the first time that it is asked. */
function onlyOnce(): Steps['expired'] {
  const asked = new WeakSet<CloudEvent>();
  return (event, now, way) => {
    if (asked.has(event)) return false;
    asked.add(event);
    return standardSteps.expired(event, now, way);
  };
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
    name: 'wrong-contents-are-unknown',
    title: 'tells the sender of wrong contents that their outcome is unknown, so that it sends them again and again',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        offer: async (staging, send) => {
          const refused = await staging();
          return refused === undefined ? await send() : unavailable;
        },
      },
    },
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
    name: 'refused-chunks-left',
    title: 'takes the name of what it has refused out of the store, and leaves the chunks there',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { withdraw: ({ unname }) => unname() } },
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
    name: 'believes-what-the-store-says',
    title: 'compares with the manifest what the store says of a content, and not the bytes that it gives',
    clause: 'SCH-3',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { sameBytes: () => true } },
  },
  {
    name: 'takes-what-lies-there',
    title: 'takes an object for stored that lies under its name, whatever its bytes are',
    clause: 'DEL-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { alreadyStored: () => true } },
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
    name: 'broken-bundle-tried-again',
    title: 'gives a bundle whose contents are wrong back to the bus, time and again, and tells nobody',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: {
      steps: {
        refuses: () => false,
        ...settling(givenUpAs('content'), (held) => held.refuse(0)),
      },
    },
  },
  {
    name: 'broken-bundle-given-up-as-invalid',
    title: 'says of a bundle whose contents are wrong that its event is invalid, and tells its sender nothing',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refuses: () => false, reason: (reason) => (reason === 'content' ? 'invalid' : reason) } },
  },
  {
    name: 'gives-a-bundle-up-before-telling',
    title: 'gives a bundle up while the refusal is on its way',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: settlingBeforeTelling },
  },
  {
    name: 'refusal-of-a-bundle-without-key',
    title: 'refuses a bundle without the partition key that it came with',
    clause: 'ENV-4',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refusal: (draft) => without(draft, 'ce-partitionkey') } },
  },
  {
    name: 'refusal-of-another-bundle',
    title: 'names another case in the refusal of a bundle',
    clause: 'DLQ-1',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refusal: (draft) => withMembers(draft, { ptiurn: '01ZD9999999' }) } },
  },
  {
    name: 'refusal-of-a-bundle-below-its-marking',
    title: 'refuses a bundle under the lowest classification',
    clause: 'ENV-5',
    flow: bundles,
    scenario: 'broken-bundles',
    breaks: { steps: { refusal: (draft) => withHeaders(draft, { 'ce-classification': 'OFFICIAL' }) } },
  },
  {
    name: 'silent-while-it-stages',
    title: 'does not tell the bus that it is still at the contents of a bundle',
    clause: 'DEL-4',
    flow: bundles,
    scenario: 'slow-contents',
    breaks: { steps: { workingEvery: () => 600_000 } },
  },
  {
    name: 'looks-at-expiry-before-the-contents-only',
    title: 'hands over a bundle that has expired while its contents were staged',
    clause: 'DEL-6',
    flow: bundles,
    scenario: 'slow-contents',
    breaks: { steps: { expired: onlyOnce() } },
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
