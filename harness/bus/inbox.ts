import { createInbox, type NatsConnection } from '@nats-io/transport-node';

/** A fresh inbox under the prefix that the connection's user may subscribe to; the client's type does not tell it. */
export function inboxOf(connection: NatsConnection): string {
  const { options } = connection as NatsConnection & { readonly options?: { readonly inboxPrefix?: string } };
  return createInbox(options?.inboxPrefix);
}
