import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { messageOf } from '../harness/model/flow.ts';
import { longestTexts } from '../harness/generate/workload/longest.ts';
import { openAttributes } from '../harness/generate/workload/undeclared.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply } from './conditions.ts';

/** Accents as characters of their own as well: what is composed anew has other bytes. */
const texts = [
  'Ærøskøbing, naïve cafe\u0301',
  'Łódź 東京 Ελλάδα',
  'Siân Lly\u0302r ’n Gŵyl',
  '🚓 𝒜 combining e\u0301',
] as const;

/** What an application may give its adapter beside the event. */
const headers = { 'x-system-of-origin': 'desk-7', baggage: 'desk=7' };

export const unknownFields: Scenario = {
  name: 'unknown-fields',
  title:
    'Events carry fields and attributes that nobody declared, with text outside ASCII and escapes, texts as long as they may be, and headers that are to stay behind',
  clauses: ['SCH-5', 'ENV-1', 'ENV-2', 'ENV-6'],
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
    const longest = build.message({ to: build.random.pick(build.receivers) });
    const { type, payload } = build.planned(longest);
    build.change(longest, {
      payload: { ...payload, ...longestTexts(messageOf(flow, type), (flow.maxBytes ?? 0) / 2) },
    });
    // On the bus already: the receiver's adapter alone can leave it behind, or lose it.
    const injected = build.message({ headers });
    const [first] = messages;
    const reply = isRequestReply(flow) && first !== undefined ? build.reply(first, { headers }) : undefined;
    for (const message of [...messages, injected, ...(reply === undefined ? [] : [reply])]) {
      const planned = build.planned(message);
      build.change(message, { headers: { ...planned.headers, ...openAttributes(flow, planned) } });
    }
    if (first !== undefined && reply !== undefined) build.scriptAll(first, { status: 200, reply });
    build.sendInLanes([...messages, longest]);
    build.lane({ do: 'inject', message: injected });
    return build.build();
  },
};
