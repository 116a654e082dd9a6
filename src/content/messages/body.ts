import { decodeAttributedString, type AttributedRun, type AttributedString } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Attachment, Message, Part, Span } from './message.ts';
import type { Summary } from './summary-info.ts';
import { ATTRIBUTES, spanOf } from './text-spans.ts';

/** Stands in the text for a file, or for the balloon of an app. */
const PLACEHOLDER = '\uFFFC';

export interface Body {
  readonly text: string | null;
  readonly parts: readonly Part[];
  readonly problem: Message['problem'];
}

/** What the body of a message is read from. */
export interface RawBody {
  readonly text: string | null;
  readonly attributed: Uint8Array | null;
  readonly summary: Summary | undefined;
  readonly attachments: readonly Attachment[];
  /** The message of an app: its placeholder is the app's balloon, not a file. */
  readonly isApp: boolean;
}

/**
 * The words and files of a message, in order. Newer phones leave `text` empty; where it is there and the archive says
 * something else, somebody has changed one of them, and the column is what all other programs show.
 */
export function readBody({ text, attributed, summary, attachments, isApp }: RawBody): Body {
  const [archived, damage] = decode(attributed);
  const differs =
    archived !== undefined && text !== null && text !== '' && plainText(text) !== plainText(archived.text);
  const source = archived === undefined || differs ? fromText(text ?? summary?.lastText ?? '') : archived;
  const parts = partsOf(source, isApp ? [] : attachments.filter(({ isHidden }) => isHidden !== true));
  for (const index of summary?.unsentParts ?? []) insertUnsent(parts, index);
  const words = plainText(source.text);
  const isLost = damage === 'body unreadable' && words === null;
  const lesser = differs ? 'text and archive differ' : damage === undefined ? undefined : 'formatting unreadable';
  return { text: words, parts, problem: isLost ? 'body unreadable' : lesser };
}

/** The words of an archived text, without what stands for files; `null` when it has none or cannot be read. */
export function wordsOf(archived: Uint8Array | undefined | null): string | null {
  const [decoded] = decode(archived ?? null);
  return decoded === undefined ? null : plainText(decoded.text);
}

/** Without placeholders; `null` when nothing else was there. */
export function plainText(text: string): string | null {
  const words = text.includes(PLACEHOLDER) ? text.replaceAll(PLACEHOLDER, '') : text;
  return words === '' ? null : words;
}

type Damage = 'body unreadable' | 'formatting unreadable' | undefined;

function decode(archived: Uint8Array | null): [AttributedString | undefined, Damage] {
  if (archived === null || archived.length === 0) return [undefined, undefined];
  try {
    const decoded = decodeAttributedString(archived);
    return [decoded, decoded.isWhole ? undefined : 'formatting unreadable'];
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return [undefined, 'body unreadable'];
  }
}

const fromText = (text: string): AttributedString => ({
  text,
  runs: text === '' ? [] : [{ start: 0, length: text.length, attributes: new Map() }],
  isWhole: true,
});

/** Cuts the text where the number of the part changes, and where a file stands. */
function partsOf({ text, runs }: AttributedString, attachments: readonly Attachment[]): Part[] {
  const [only, another] = runs;
  if (only !== undefined && another === undefined && attachments.length === 0 && !text.includes(PLACEHOLDER)) {
    const [number, span] = [only.attributes.get(ATTRIBUTES.part), spanOf(only, 0)];
    const index = typeof number === 'number' ? number : 0;
    return [{ kind: 'text', index, text, spans: span === undefined ? [] : [span] }];
  }
  const parts: Part[] = [];
  const left = new Set(attachments);
  let words: { index: number; start: number; end: number; spans: Span[] } | undefined;
  const finish = (): void => {
    const own = words === undefined ? '' : text.slice(words.start, words.end);
    if (words !== undefined && own !== '')
      parts.push({ kind: 'text', index: words.index, text: own, spans: words.spans });
    words = undefined;
  };
  const addFile = (index: number, guid: unknown): void => {
    const attachment = typeof guid === 'string' ? attachments.find((each) => each.guid === guid) : [...left][0];
    if (attachment === undefined || !left.delete(attachment)) return;
    parts.push({ kind: 'attachment', index, attachment: withTranscript(attachment, runs) });
  };
  for (const run of runs.flatMap((each) => cutAtPlaceholders(each, text))) {
    const number = run.attributes.get(ATTRIBUTES.part);
    const index = typeof number === 'number' ? number : (words?.index ?? parts.length);
    if (text.charAt(run.start) === PLACEHOLDER) {
      finish();
      addFile(index, run.attributes.get(ATTRIBUTES.file));
      continue;
    }
    if (words?.index !== index) {
      finish();
      words = { index, start: run.start, end: run.start, spans: [] };
    }
    words.end = run.start + run.length;
    const span = spanOf(run, words.start);
    if (span !== undefined) words.spans.push(span);
  }
  finish();
  // What the text does not mention: all files before iOS 6, and those of texts that were lost.
  for (const attachment of left) parts.push({ kind: 'attachment', index: parts.length, attachment });
  return parts;
}

/** A run that covers words and placeholders becomes several, so that each placeholder stands alone. */
function cutAtPlaceholders(run: AttributedRun, text: string): readonly AttributedRun[] {
  if (run.length === 1) return [run];
  const own = text.slice(run.start, run.start + run.length);
  if (!own.includes(PLACEHOLDER)) return [run];
  let start = run.start;
  return own
    .split(/(\uFFFC)/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const cut = { start, length: piece.length, attributes: run.attributes };
      start += piece.length;
      return cut;
    });
}

function withTranscript(attachment: Attachment, runs: readonly AttributedRun[]): Attachment {
  for (const { attributes } of runs) {
    const transcript = attributes.get(ATTRIBUTES.transcript);
    if (typeof transcript === 'string' && transcript !== '') return { ...attachment, transcript };
  }
  return attachment;
}

function insertUnsent(parts: Part[], index: number): void {
  const at = parts.findIndex((part) => part.index >= index);
  const unsent: Part = { kind: 'unsent', index };
  if (at < 0) parts.push(unsent);
  else if (parts[at]?.index !== index) parts.splice(at, 0, unsent);
}
