import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply } from './conditions.ts';

const texts = ['Ærøskøbing, naïve café', 'Łódź 東京 Ελλάδα', 'Siân Llŷr ’n Gŵyl', '🚓 𝒜 combining é'] as const;

/** What an application may give its adapter beside the event. */
const headers = { 'x-system-of-origin': 'desk-7' };

export const unknownFields: Scenario = {
  name: 'unknown-fields',
  title:
    'Events carry optional fields that nobody declared, with text outside ASCII, and headers that are to stay behind',
  clauses: ['SCH-5', 'ENV-1', 'ENV-6'],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const messages = texts.map((text, at) =>
      build.message({
        to: build.random.pick(build.receivers),
        headers,
        payload: { '/addedLater': text, '/addedLaterToo': { count: at, list: [text, null, true] } },
      }),
    );
    const [first] = messages;
    if (isRequestReply(flow) && first !== undefined)
      build.scriptAll(first, { status: 200, reply: build.reply(first, { headers }) });
    build.sendInLanes(messages);
    // On the bus already: the receiver's adapter alone can leave it behind.
    build.lane({ do: 'inject', message: build.message({ headers }) });
    return build.build();
  },
};
