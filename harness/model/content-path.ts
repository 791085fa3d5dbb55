/** Path of an item of a bundle, below the application's URL. */
export function contentPath(eventId: string, item: number): string {
  return `/content/${encodeURIComponent(eventId)}/${item}`;
}

/** The item that a path names; undefined for any other path. */
export function itemAt(path: string): { readonly eventId: string; readonly item: number } | undefined {
  const [, id, item] = /^\/content\/(.+)\/(0|[1-9]\d{0,8})$/.exec(path) ?? [];
  if (id === undefined) return undefined;
  try {
    return { eventId: decodeURIComponent(id), item: Number(item) };
  } catch {
    return undefined;
  }
}
