import { boxAt, boxesIn, quickTimeMetadata } from '../../formats/index.ts';
import { FormatError } from '../../shared/errors.ts';
import type { VoiceMemoTranscript } from './voice-memo.ts';

/** The key of a transcript among the metadata of a .qta file. */
const METADATA_KEY = 'com.apple.VoiceMemos.tsrp';
/** Ten hours of talking, with the time of every word, take about this. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The transcript that iOS 18 and later put into a recording: JSON in the box `tsrp` among a track's user data (.m4a),
 * or among its QuickTime metadata (.qta).
 *
 *   { "locale": { "identifier": "de_DE" }, "attributedString": { "runs": ["Hallo", 0, " Welt", 1], "attributeTable":
 *     [{ "timeRange": [0, 0.5] }, …] } }
 *
 * A recording in which nobody speaks has an empty text in the place of the runs; short ones may have text and
 * attributes by turns.
 *
 * @param movie the content of the file's `moov` box.
 * @returns undefined when there is none.
 * @throws {FormatError} when there is one that cannot be read.
 */
export function transcriptIn(movie: Buffer): VoiceMemoTranscript | undefined {
  const payload = payloadIn(movie);
  if (payload === undefined) return undefined;
  const { locale, attributedString } = asRecord(parse(payload)) ?? {};
  const language = asRecord(locale)?.['identifier'];
  const spoken = runsIn(attributedString);
  return {
    text: spoken.map(({ text }) => text).join(''),
    language: typeof language === 'string' ? language : undefined,
    spoken: spoken.flatMap(({ text, range }) => (range === undefined ? [] : [{ text, from: range[0], to: range[1] }])),
  };
}

function payloadIn(movie: Buffer): Buffer | undefined {
  const tracks = [...boxesIn(movie)].filter(({ type }) => type === 'trak');
  for (const holder of [...tracks.map(({ start, end }) => movie.subarray(start, end)), movie]) {
    const plain = boxAt(holder, 'udta', 'tsrp');
    if (plain !== undefined) return plain;
    for (const meta of [boxAt(holder, 'meta'), boxAt(holder, 'udta', 'meta')]) {
      const keyed = meta && quickTimeMetadata(meta).get(METADATA_KEY);
      if (keyed !== undefined) return keyed;
    }
  }
  return undefined;
}

function parse(payload: Buffer): unknown {
  if (payload.length > MAX_BYTES) throw new FormatError('the transcript is larger than any recording has');
  try {
    return JSON.parse(payload.toString('utf8').replace(/^[^{]+/, ''));
  } catch (error) {
    if (error instanceof SyntaxError) throw new FormatError('the transcript is not readable', { cause: error });
    throw error;
  }
}

interface Run {
  readonly text: string;
  readonly range: readonly [number, number] | undefined;
}

function runsIn(value: unknown): Run[] {
  if (typeof value === 'string') return [{ text: value, range: undefined }];
  const table = asRecord(value)?.['attributeTable'];
  const runs = Array.isArray(value) ? value : asRecord(value)?.['runs'];
  if (!Array.isArray(runs)) throw new FormatError('the transcript has a layout that is not known');
  return runs.flatMap((text: unknown, i) => {
    if (typeof text !== 'string') return [];
    const next: unknown = runs[i + 1];
    const attributes: unknown = typeof next === 'number' && Array.isArray(table) ? table[next] : next;
    return [{ text, range: rangeIn(asRecord(attributes)?.['timeRange']) }];
  });
}

function rangeIn(value: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(value)) return undefined;
  const [from, to] = value as unknown[];
  return typeof from === 'number' && typeof to === 'number' ? [from, to] : undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined; // what JSON has besides lists and plain values
}
