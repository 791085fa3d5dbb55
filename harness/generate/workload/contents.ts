import { Problem } from '../../model/errors.ts';
import type { Message } from '../../model/flow.ts';
import type { PlannedContent } from '../../model/workload.ts';
import { contentSizes, contentsFor } from '../events/manifest.ts';
import type { Random } from '../random.ts';

/** Contents of a bundle: of the given sizes, where the manifest's schema allows them, else of some. A schema that allows none is a Problem. */
export function drawContents(message: Message, random: Random, wanted?: readonly number[]): readonly PlannedContent[] {
  const some = Array.from({ length: random.integer(1, 3) }, () => random.pick(contentSizes));
  const contents = contentsFor(message, random, wanted ?? some);
  if (contents !== undefined) return contents;
  throw new Problem('contract', `no manifest of ${message.name} can be made`, {
    next: 'let its schema allow a bundle of at most 50 contents of at most 16 MiB',
  });
}
