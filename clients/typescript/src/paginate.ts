/** What every list answers with. */
export interface Page<Item> {
  readonly data: readonly Item[];
  readonly next_cursor: string | null;
}

/**
 * All items of a list, page after page, read as they are asked for.
 *
 * ```ts
 * const approved = paginate((page) =>
 *   lethe.GET('/v1/verifications', { params: { query: { status: 'approved', ...page } } }),
 * );
 * for await (const verification of approved) …
 * ```
 *
 * @param readPage reads one page; spread what it is given into the query
 */
export async function* paginate<Item>(
  readPage: (page: { readonly cursor?: string }) => Promise<{ readonly data: Page<Item> }>,
): AsyncGenerator<Item, void, undefined> {
  let next: string | null = null;
  do {
    const { data }: { readonly data: Page<Item> } = await readPage(next === null ? {} : { cursor: next });
    yield* data.data;
    next = data.next_cursor;
  } while (next !== null);
}
