import type { Flow } from '../../model/flow.ts';
import { fieldAt, keywordValues } from '../schema/fields.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';
import type { ReadMessage } from './message.ts';

/** Payloads are objects, open at their top, and have what their exchange pattern reads in them. */
export function checkPayloads(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const { flow, messages, replies } of flows) {
    for (const message of [...messages, ...replies]) checkTop(message, mistakes);
    if (flow.pattern === 'claim-check') for (const message of messages) checkManifest(flow, message, mistakes);
  }
}

/** A field that a later minor version adds is ignored, and does not break a receiver. */
function checkTop(message: ReadMessage, mistakes: Mistakes): void {
  const at = placeAt(child(message.at, 'payload'));
  if (!keywordValues(message.payload, '', 'type').includes('object')) {
    mistakes.add(
      at,
      `the payload of ${message.name} need not be an object`,
      'write type: object at the top of its schema',
    );
  }
  for (const keyword of ['additionalProperties', 'unevaluatedProperties']) {
    if (!keywordValues(message.payload, '', keyword).includes(false)) continue;
    const what = `the payload of ${message.name} is closed: ${keyword} is false at its top`;
    mistakes.add(at, what, 'delete it: an unknown optional field is ignored, not refused');
  }
}

/** Item n of the manifest says the size and the digest of object n. */
function checkManifest(flow: Flow, message: ReadMessage, mistakes: Mistakes): void {
  for (const [pointer, type] of [
    ['/manifest/*/bytes', 'integer'],
    ['/manifest/*/sha256', 'string'],
  ] as const) {
    const sound = fieldAt(message.payload, pointer)?.required === true;
    if (sound && keywordValues(message.payload, pointer, 'type').includes(type)) continue;
    const what = `${message.name} travels on the claim-check flow ${flow.channel} and need not have ${pointer} of type ${type}`;
    mistakes.add(placeAt(child(message.at, 'payload')), what, 'require a manifest whose items have bytes and sha256');
  }
}
