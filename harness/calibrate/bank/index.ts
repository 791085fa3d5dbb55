import type { Defect } from '../defect.ts';
import { ofTheBus } from './bus.ts';
import { ofTheFacts } from './facts.ts';
import { receiving } from './receiving.ts';
import { sending } from './sending.ts';

/** Every deliberate fault that must be caught. */
export const bank: readonly Defect[] = [...sending, ...receiving, ...ofTheBus, ...ofTheFacts];
