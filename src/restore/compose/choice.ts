/** What a person chooses to take from an older version: `messages,contacts,app:com.example.notes`. */
import { RestorableKind } from '../../contract/index.ts';
import { AppError } from '../../shared/errors.ts';

/** The kinds that can be chosen, by the names people type. */
export const SELECTABLE_KINDS = RestorableKind.options;

export type SelectableKind = RestorableKind;

/** One thing chosen: a kind, everything of an app, or one group that apps share. */
export type Chosen =
  | { readonly kind: SelectableKind }
  /** A bundle identifier. */
  | { readonly app: string }
  /** A group's identifier, as Apple has it: `group.com.example.shared`. */
  | { readonly group: string };

/** Other words for the kinds. */
const SYNONYMS: ReadonlyMap<string, SelectableKind> = new Map([
  ...SELECTABLE_KINDS.map((kind) => [kind, kind] as const),
  ['attachments', 'messages'],
  ['call-history', 'calls'],
  ['calendars', 'calendar'],
  ['voicememos', 'voice-memos'],
]);

/** As Apple allows them; letters beyond ASCII would be something else that only looks the same. */
const IDENTIFIER = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/**
 * Reads a list such as `messages,contacts,app:com.example.notes,group:group.com.example`.
 *
 * @returns each thing once, in the order given.
 * @throws {AppError} USAGE for an empty list, and for what cannot be chosen.
 */
export function parseChoice(text: string): Chosen[] {
  const chosen = new Map<string, Chosen>();
  for (const word of text.split(',').map((each) => each.trim())) {
    if (word === '') continue;
    const each = chosenBy(word);
    chosen.set(JSON.stringify(each), each);
  }
  if (chosen.size === 0) throw notAChoice('nothing was chosen');
  return [...chosen.values()];
}

function chosenBy(word: string): Chosen {
  const [, sort, id] = /^(app|group):(.*)$/i.exec(word) ?? [];
  if (sort === undefined || id === undefined) {
    const kind = SYNONYMS.get(word.toLowerCase());
    if (kind === undefined) throw notAChoice(`“${word}” cannot be restored by itself`);
    return { kind };
  }
  if (!IDENTIFIER.test(id)) throw notAChoice(`“${id}” is not the identifier of an app or a group`);
  return sort.toLowerCase() === 'app' ? { app: id } : { group: id };
}

function notAChoice(message: string): AppError {
  return new AppError('USAGE', message, {
    hint:
      `Choose from ${SELECTABLE_KINDS.join(', ')}, app:BUNDLE-ID and group:GROUP-ID, with commas between them. ` +
      'Everything else comes back with a restore of the whole snapshot.',
  });
}
