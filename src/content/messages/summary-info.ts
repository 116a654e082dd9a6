import {
  arrayAt,
  asDictionary,
  bytesAt,
  dateAt,
  decodePlist,
  dictionaryAt,
  numberAt,
  type PlistDictionary,
} from '../../formats/index.ts';
import { fromCocoaSeconds } from '../../shared/time/apple-time.ts';
import { isAppError } from '../../shared/errors.ts';
import { wordsOf } from './body.ts';
import type { Edit } from './message.ts';

/** What `message_summary_info` says about a message (a property list, since iOS 16). */
export interface Summary {
  /** All wordings of every part that was edited, oldest first. */
  readonly edits: readonly Edit[];
  /** Parts that were taken back. */
  readonly unsentParts: readonly number[];
  /** The last wording, where that is the only place left that has it. */
  readonly lastText: string | undefined;
}

/** More edits than iOS allows (five), in more parts than it makes. */
const MAX_EDITS = 1000;

/**
 * `ec` has a list of wordings for each edited part, the first being the original: `d` when (seconds since 2001) and
 * `t` what, as a typedstream. `rp` lists parts that were taken back.
 */
export function readSummary(bytes: Uint8Array | null | undefined): Summary | undefined {
  if (bytes === null || bytes === undefined || bytes.length === 0) return undefined;
  const summary = parse(bytes);
  if (summary === undefined) return undefined;
  const unsentParts = (arrayAt(summary, 'rp') ?? []).filter((part) => typeof part === 'number');
  const edited = dictionaryAt(summary, 'ec');
  if (edited === undefined)
    return unsentParts.length === 0 ? undefined : { edits: [], unsentParts, lastText: undefined };
  const edits: Edit[] = [];
  const last: string[] = [];
  for (const part of Object.keys(edited).toSorted((a, b) => Number(a) - Number(b))) {
    const wordings = (arrayAt(edited, part) ?? [])
      .slice(0, MAX_EDITS - edits.length)
      .map((each) => wording(part, asDictionary(each)));
    edits.push(...wordings);
    const text = wordings.at(-1)?.text;
    // What was taken back is no longer said, whatever was said before.
    if (typeof text === 'string' && !unsentParts.includes(Number(part))) last.push(text);
  }
  return { edits, unsentParts, lastText: last.length === 0 ? undefined : last.join('\n') };
}

function parse(bytes: Uint8Array): PlistDictionary | undefined {
  try {
    return asDictionary(decodePlist(bytes));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}

function wording(part: string, entry: PlistDictionary | undefined): Edit {
  const at = dateAt(entry, 'd') ?? fromCocoaSeconds(numberAt(entry, 'd')) ?? null;
  return { part: Number(part), at, text: wordsOf(bytesAt(entry, 't')) };
}
