import { rowsIn, type History, type RowOf } from './history.ts';

/** What the relay saw of an instance's connection to the bus, as the end of a sentence. */
export function connectionOf(history: History, application: string, instance: number): string {
  const rows = rowsIn(history, 'wire').filter((row) => row.application === application && row.instance === instance);
  const last = (what: RowOf<'wire'>['what']): RowOf<'wire'> | undefined => rows.findLast((row) => row.what === what);
  const refused = last('error');
  if (refused !== undefined) return `the bus said to it: ${refused.reason}`;
  const client = last('connect');
  if (client !== undefined) return `it has logged in to the bus, with the client ${client.reason}`;
  return last('open') === undefined
    ? 'it has opened no connection to BUS_URL'
    : 'it has opened a connection to BUS_URL and not logged in';
}
