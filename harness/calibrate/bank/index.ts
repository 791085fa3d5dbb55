import type { Defect } from '../defect.ts';
import { ofTheAudit } from './audit.ts';
import { ofBodies } from './bodies.ts';
import { ofBundles } from './bundles.ts';
import { ofContents } from './contents.ts';
import { ofTheBus } from './bus.ts';
import { ofDeadLetters } from './dead-letters.ts';
import { ofTheFacts } from './facts.ts';
import { ofGivingUp } from './giving-up.ts';
import { ofTheHeaders } from './headers.ts';
import { ofIdentities } from './identity.ts';
import { ofLastValues } from './last-values.ts';
import { underLoad } from './load.ts';
import { ofOrder } from './order.ts';
import { ofPacts } from './pacts.ts';
import { reading } from './reading.ts';
import { receiving } from './receiving.ts';
import { ofRequests } from './requests.ts';
import { sending } from './sending.ts';
import { ofPrograms } from './programs.ts';
import { inSequence } from './sequences.ts';
import { ofTheSettings } from './settings.ts';
import { unusual } from './unusual.ts';
import { ofValues } from './values.ts';
import { onTheWire } from './wire.ts';

/** Every deliberate fault that must be caught. */
export const bank: readonly Defect[] = [
  ...sending,
  ...receiving,
  ...ofTheHeaders,
  ...ofBodies,
  ...reading,
  ...ofIdentities,
  ...ofOrder,
  ...ofLastValues,
  ...ofGivingUp,
  ...ofBundles,
  ...ofContents,
  ...ofRequests,
  ...ofTheSettings,
  ...ofTheBus,
  ...ofTheAudit,
  ...ofDeadLetters,
  ...ofTheFacts,
  ...ofPacts,
  ...onTheWire,
  ...inSequence,
  ...ofPrograms,
  ...unusual,
  ...ofValues,
  ...underLoad,
];
