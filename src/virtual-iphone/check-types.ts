import { asDictionary, valueAt, type PlistDictionary, type PlistValue } from '../formats/index.ts';

/** What a host may put into a request, and as what, by its key. */
export type KindsByKey = Readonly<Record<string, 'text' | 'boolean' | 'dictionary' | 'data'>>;

const IS: Readonly<Record<KindsByKey[string], (value: PlistValue) => boolean>> = {
  text: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  dictionary: (value) => asDictionary(value) !== undefined,
  data: (value) => value instanceof Uint8Array,
};

/**
 * Reports what is not of the type that it must be. An iPhone reads it as if it were not there; what is not there at all
 * is for the request to say.
 */
export function checkTypes(
  dictionary: PlistDictionary | undefined,
  kinds: KindsByKey,
  report: (detail: string) => void,
): void {
  for (const [key, kind] of Object.entries(kinds)) {
    const value = valueAt(dictionary, key);
    if (value !== undefined && !IS[kind](value)) report(`${key} is no ${kind}`);
  }
}
