import { decodeObjectGraph, objectOf, scalarOf, type GraphObject, type ObjectGraph } from '../body/object-graph.ts';

/** What was said in a recording, as the phone has written it down (since iOS 18). */
export interface NoteTranscript {
  readonly turns: readonly TranscriptTurn[];
  /** The one line that Notes shows of it. */
  readonly preview: string | undefined;
  readonly summary: string | undefined;
}

interface TranscriptTurn {
  /** Seconds from the start of the recording. */
  readonly atSeconds: number | undefined;
  /** A telephone number, in recordings of calls. */
  readonly speaker: string | undefined;
  readonly text: string;
}

interface Word {
  readonly at: number | undefined;
  readonly speaker: string | undefined;
  readonly text: string;
}

const SEGMENT = /\bICTTTranscriptSegment$/;
const RECORDING = /\bICTTAudioRecording$/;
/** Words that need no space between them: they are of a script without. */
const NO_SPACE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{P}]/u;

/**
 * Reads the transcript out of `ZMERGEABLEDATA1` of a recording. Each word is an object with text, timestamp and
 * sometimes a speaker, in the order they were written; the timestamps tell the order they were said.
 *
 * @returns undefined when nothing has been written down.
 * @throws {FormatError} when it is no such object.
 */
export function decodeTranscript(bytes: Uint8Array): NoteTranscript | undefined {
  const graph = decodeObjectGraph(bytes);
  const words: Word[] = [];
  let recording: GraphObject | undefined;
  for (const entry of graph.entries) {
    const object = objectOf(graph, entry);
    if (object === undefined) continue;
    if (SEGMENT.test(object.type)) words.push(wordOf(graph, object));
    else if (RECORDING.test(object.type)) recording ??= object;
  }
  const turns = turnsOf(words.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)));
  const preview = textAt(graph, recording, 'topLineSummary');
  const summary = textAt(graph, recording, 'summary');
  return turns.length === 0 && preview === undefined && summary === undefined ? undefined : { turns, preview, summary };
}

function wordOf(graph: ObjectGraph, segment: GraphObject): Word {
  const at = scalarOf(graph, segment.fields.get('timestamp'));
  return {
    at: typeof at === 'number' && Number.isFinite(at) ? at : undefined,
    speaker: textAt(graph, segment, 'speaker'),
    text: textAt(graph, segment, 'text') ?? '',
  };
}

function textAt(graph: ObjectGraph, object: GraphObject | undefined, key: string): string | undefined {
  const value = scalarOf(graph, object?.fields.get(key));
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Words of one speaker up to the end of a paragraph are a turn. */
function turnsOf(words: readonly Word[]): TranscriptTurn[] {
  const turns: { atSeconds: number | undefined; speaker: string | undefined; text: string }[] = [];
  let isOver = true;
  for (const { at, speaker, text } of words) {
    if (text.trim() === '') continue;
    const turn = turns.at(-1);
    if (isOver || turn === undefined || turn.speaker !== speaker) {
      turns.push({ atSeconds: at, speaker, text: text.trim() });
    } else turn.text += separator(turn.text, text) + text.trimEnd();
    isOver = /\n\s*$/.test(text);
  }
  return turns;
}

/** Recordings of calls keep the space before a word, others keep none. */
function separator(before: string, word: string): string {
  if (/^\s/.test(word)) return '';
  return NO_SPACE.test(before.at(-1) ?? '') && NO_SPACE.test(word[0] ?? '') && !/[.,!?;:]$/.test(before) ? '' : ' ';
}
