import { decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';

/** What the phone understood of a recording. */
export interface Transcript {
  readonly text: string;
  /** 0 to 1 */
  readonly confidence: number | undefined;
  /** The single words and when they were said, where they were kept. */
  readonly segments: readonly TranscriptSegment[];
}

export interface TranscriptSegment {
  readonly text: string;
  readonly startSeconds: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly confidence: number | undefined;
}

/**
 * Reads `<ROWID>.transcript`: a keyed archive of one object with `transcriptionString`, `confidence` and
 * `transcriptionSegments`. The store of FaceTime may have a list of segments alone.
 *
 * @throws {FormatError} when it is none.
 */
export function decodeTranscript(bytes: Uint8Array): Transcript {
  const decoded = decodeKeyedArchive(bytes);
  const fields = fieldsOf(decoded);
  const list = Array.isArray(decoded) ? decoded : (fields?.['transcriptionSegments'] ?? fields?.['segments']);
  const segments = Array.isArray(list) ? list.flatMap(segmentOf) : [];
  const said = segments.length === 0 ? undefined : segments.map(({ text }) => text).join(' ');
  const text = textOf(fields?.['transcriptionString']) ?? said;
  if (text === undefined) throw new FormatError('a transcript of a voicemail holds no text');
  return { text, confidence: numberOf(fields?.['confidence']), segments };
}

function segmentOf(value: unknown): TranscriptSegment[] {
  const fields = fieldsOf(value);
  const text = textOf(fields?.['substring']) ?? textOf(fields?.['text']);
  if (text === undefined) return [];
  return [
    {
      text,
      startSeconds: numberOf(fields?.['timestamp']),
      durationSeconds: numberOf(fields?.['duration']) ?? numberOf(fields?.['utteranceDuration']),
      confidence: numberOf(fields?.['confidence']),
    },
  ];
}

/** Of an object of any class, or of a dictionary. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (value instanceof KeyedObject) return value.fields;
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
  return isRecord ? (value as Record<string, unknown>) : undefined; // of what an archive decodes to, only dictionaries are left
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  // Attributed text keeps its characters here.
  return value instanceof KeyedObject && typeof value.fields['NSString'] === 'string'
    ? value.fields['NSString']
    : undefined;
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;
