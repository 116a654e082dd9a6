import { decodeKeyedArchive, KeyedObject, type AttributedRun, type FoundationValue } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Span } from './message.ts';

/** What the attributes of a run of text mean in Messages. All their names begin with `__kIM`. */
export const ATTRIBUTES = {
  part: '__kIMMessagePartAttributeName',
  file: '__kIMFileTransferGUIDAttributeName',
  transcript: 'IMAudioTranscription',
} as const;

/** The moving text of iOS 18, by the numbers that Messages gives it. */
const ANIMATIONS: ReadonlyMap<number, string> = new Map([
  [4, 'Ripple'],
  [5, 'Big'],
  [6, 'Bloom'],
  [8, 'Nod'],
  [9, 'Shake'],
  [10, 'Jitter'],
  [11, 'Small'],
  [12, 'Explode'],
]);

/** What is special about a run, or undefined for plain words. @param offset where the text of its part begins. */
export function spanOf({ start, length, attributes }: AttributedRun, offset: number): Span | undefined {
  // Plain words have the number of their part and, on newer phones, the direction they are written in.
  if (attributes.size < 2) return undefined;
  const mention = text(attributes.get('__kIMMentionConfirmedMention'));
  const link = text(attributes.get('__kIMLinkAttributeName'));
  const animation = attributes.get('__kIMTextEffectAttributeName');
  const detected = detectedAs(attributes);
  const special = {
    ...(mention !== undefined && { mention }),
    ...(link !== undefined && { link }),
    ...(isOn(attributes, '__kIMTextBoldAttributeName') && { bold: true }),
    ...(isOn(attributes, '__kIMTextItalicAttributeName') && { italic: true }),
    ...(isOn(attributes, '__kIMTextUnderlineAttributeName') && { underline: true }),
    ...(isOn(attributes, '__kIMTextStrikethroughAttributeName') && { strikethrough: true }),
    ...(typeof animation === 'number' && { animation: ANIMATIONS.get(animation) ?? 'Animated' }),
    ...(detected !== undefined && { detected }),
  };
  for (const _ in special) return { start: start - offset, end: start - offset + length, ...special };
  return undefined;
}

/** Names that say what the phone found in the words, where the result itself does not. */
const FOUND: readonly (readonly [attribute: string, found: string])[] = [
  ['__kIMOneTimeCodeAttributeName', 'AuthCode'],
  ['__kIMPhoneNumberAttributeName', 'PhoneNumber'],
  ['__kIMEmailAttributeName', 'Email'],
  ['__kIMAddressAttributeName', 'FullAddress'],
  ['__kIMCalendarEventAttributeName', 'CalendarEvent'],
  ['__kIMMoneyAttributeName', 'Money'],
];

function detectedAs(attributes: ReadonlyMap<string, FoundationValue>): string | undefined {
  for (const [attribute, found] of FOUND) if (attributes.has(attribute)) return found;
  const result = attributes.get('__kIMDataDetectedAttributeName');
  if (!(result instanceof Uint8Array)) return undefined;
  try {
    return typeOf(decodeKeyedArchive(result));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}

/** A DDScannerResult (`dd-result` in its archive) keeps its type under T. */
function typeOf(archived: unknown): string | undefined {
  const object = archived instanceof KeyedObject ? archived.fields : archived;
  if (typeof object !== 'object' || object === null) return undefined;
  const type = 'T' in object ? object.T : undefined;
  if (typeof type === 'string') return type;
  return 'dd-result' in object ? typeOf(object['dd-result']) : undefined;
}

const isOn = (attributes: ReadonlyMap<string, FoundationValue>, name: string): boolean => {
  const value = attributes.get(name);
  return value === true || (typeof value === 'number' && value !== 0);
};

const text = (value: FoundationValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
