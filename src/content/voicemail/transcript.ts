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
 * `transcriptionSegments`.
 *
 * @throws {FormatError} when it is none.
 */
export function decodeTranscript(bytes: Uint8Array): Transcript {
  const fields = fieldsOf(decodeKeyedArchive(bytes));
  const text = textOf(fields?.['transcriptionString']);
  if (text === undefined) throw new FormatError('a transcript of a voicemail holds no text');
  const segments = fields?.['transcriptionSegments'];
  return {
    text,
    confidence: numberOf(fields?.['confidence']),
    segments: Array.isArray(segments) ? segments.flatMap(segmentOf) : [],
  };
}

function segmentOf(value: unknown): TranscriptSegment[] {
  const fields = fieldsOf(value);
  const text = textOf(fields?.['substring']);
  if (text === undefined) return [];
  return [
    {
      text,
      startSeconds: numberOf(fields?.['timestamp']),
      durationSeconds: numberOf(fields?.['duration']),
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
