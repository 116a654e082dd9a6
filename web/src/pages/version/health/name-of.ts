/** What something that is measured is called: in the reader's words, else as Apple does with its words parted. */
export function nameOf({ name }: { readonly name: string }, known: Readonly<Record<string, string>>): string {
  return known[name] ?? name.replaceAll(/(?<=\p{Ll})(?=\p{Lu}|\d)/gu, ' ');
}
