import type { Habits } from '../../adapters/reference/typescript/habits.ts';
import type { ApplicationAnswer, OfferedContent } from '../../patterns/application.ts';
import type { Defect } from '../defect.ts';
import { classifying, facing } from './changes.ts';

const bundles = 'case-file-transfer/bundles';
const scenario = 'content-answers';

/** A program that takes its application's answers about contents, when it asks for them or gives them, for others. */
const hearing = (change: Readonly<Record<number, number>>, of: 'content' | 'stage'): Pick<Habits, 'back'> => {
  const heard = <T extends ApplicationAnswer | OfferedContent>(answer: T): T => ({
    ...answer,
    status: change[answer.status] ?? answer.status,
  });
  return facing((application) =>
    of === 'content'
      ? { content: async (...given) => heard(await application.content(...given)) }
      : { stage: async (...given) => heard(await application.stage(...given)) },
  );
};

/** What is left of an id that is put into a URL as it is. */
const pathOf = (eventId: string): string => eventId.split('?', 1)[0] ?? '';

async function whole(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* one(chunk: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(chunk);
}

/** Faults around contents: in what an adapter makes of its application's answers about them, and in how it holds them. */
export const ofContents: readonly Defect[] = [
  {
    name: 'gives-up-contents-that-fail',
    title: 'takes a 503 that it is answered about a content for a rejection',
    clause: 'DEL-3',
    flow: bundles,
    scenario,
    breaks: { steps: classifying([503], 'rejected') },
  },
  {
    name: 'gives-up-contents-at-429',
    title: 'takes a 429 that it is answered about a content for a rejection',
    clause: 'SCH-1',
    flow: bundles,
    scenario,
    breaks: { steps: classifying([429], 'rejected') },
  },
  {
    name: 'tries-rejected-contents-again',
    title: 'takes a 410 that it is answered about a content for a failure',
    clause: 'DLQ-1',
    flow: bundles,
    scenario,
    breaks: { steps: classifying([410], 'failed') },
  },
  {
    name: 'contents-again-at-once',
    title: 'asks for a bundle again at once whose content its application did not take',
    clause: 'DLQ-2',
    flow: bundles,
    scenario,
    breaks: { steps: { delay: () => undefined } },
  },
  {
    name: 'asks-for-a-rejected-content-again',
    title: 'has its application send a bundle again and again whose content that rejects to give',
    clause: 'SCH-3',
    flow: bundles,
    scenario,
    breaks: { habits: hearing({ 400: 503, 403: 503, 409: 503, 410: 503, 422: 503, 451: 503 }, 'content') },
  },
  {
    name: 'refuses-a-bundle-for-a-redirect',
    title: 'refuses a bundle whose content its application redirects',
    clause: 'SCH-1',
    flow: bundles,
    scenario,
    breaks: { habits: hearing({ 302: 404 }, 'content') },
  },
  {
    name: 'takes-a-redirect-for-taken',
    title: 'takes a content for taken that its application redirects',
    clause: 'DEL-3',
    flow: bundles,
    scenario,
    breaks: { habits: hearing({ 302: 204 }, 'stage') },
  },
  {
    name: 'loads-contents-to-store-them',
    title: 'takes a content into memory, and stores it from there',
    clause: 'LIF-4',
    flow: bundles,
    scenario: 'large-bundle',
    breaks: {
      habits: facing((application) => ({
        content: async (...given) => {
          const offered = await application.content(...given);
          return offered.content === undefined ? offered : { ...offered, content: one(await whole(offered.content)) };
        },
      })),
    },
  },
  {
    name: 'loads-contents-to-hand-them-over',
    title: 'takes a content into memory, and hands it over from there',
    clause: 'LIF-4',
    flow: bundles,
    scenario: 'large-bundle',
    breaks: {
      habits: facing((application) => ({
        stage: async (eventId, item, content) => application.stage(eventId, item, one(await whole(content))),
      })),
    },
  },
  {
    name: 'ids-as-they-are-in-paths',
    title: 'puts the id of a bundle into paths as it is, of which the rest is then a query',
    clause: 'SCH-1',
    flow: bundles,
    scenario: 'lookalikes',
    breaks: {
      habits: facing((application) => ({
        content: (eventId, item) => application.content(pathOf(eventId), item),
        stage: (eventId, item, content) => application.stage(pathOf(eventId), item, content),
      })),
    },
  },
];
