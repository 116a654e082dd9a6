/** Every word a page shows, in both languages: what one says, the other says too, or it does not compile. */
export interface InBoth<W> {
  readonly en: W;
  readonly de: W;
}

/**
 * Puts the words of one page side by side. What takes a value is a function.
 *
 * @example
 * export const homeWords = inBoth({
 *   en: { title: 'Devices', seen: (when: string) => `Seen ${when}` },
 *   de: { title: 'Geräte', seen: (when: string) => `Gesehen ${when}` },
 * });
 */
export function inBoth<W extends object>(words: { readonly en: W; readonly de: NoInfer<W> }): InBoth<W> {
  return words;
}
