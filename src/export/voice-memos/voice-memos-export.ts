import { openVoiceMemos, type VoiceMemo, type VoiceMemos, type VoiceMemoTranscript } from '../../content/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import { sentence } from '../../shared/text/sentence.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { isAbout, isWithin, timesIn } from '../text/times.ts';
import { memosPage } from './memos-page.ts';

const TITLE = 'Voice memos';

/** A recording and what was written of it. Paths are relative to the folder of the export. */
export interface WrittenMemo {
  readonly memo: VoiceMemo;
  /** Where the sound is, or why it is not there. */
  readonly audio: { readonly path: string } | 'missing' | 'unreadable';
  readonly transcript: VoiceMemoTranscript | undefined;
  readonly transcriptPath: string | undefined;
}

/** Voice memos: the recordings by their titles, what was said in them, and a page, a table or data of all. */
export const voiceMemosExport: ContentExport = {
  kind: 'voice-memos',
  title: TITLE,
  formats: ['html', 'csv', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    const voiceMemos = await openVoiceMemos(request.backup);
    if (voiceMemos === undefined) return undefined;
    const tally: Tally = { deletedLeftOut: 0, badTranscripts: 0 };
    const written = await writeAll(request, voiceMemos, tally);
    const content = contentOf(written, request);
    const { path } = await request.folder.write([`${TITLE}.${request.format}`], content);
    const notes = [...voiceMemos.problems.map(sentence), ...notesOf(written, tally)];
    return { items: written.length, notes, ...(request.format === 'html' && { startPage: path }) };
  },
};

interface Tally {
  deletedLeftOut: number;
  badTranscripts: number;
}

async function writeAll(request: ExportRequest, voiceMemos: VoiceMemos, tally: Tally): Promise<WrittenMemo[]> {
  const { signal, options, onProgress } = request;
  const written: WrittenMemo[] = [];
  for (const memo of voiceMemos.memos) {
    signal.throwIfAborted();
    if (!isWithin(memo.recordedAt, options) || !isAbout([memo.title], options.people)) continue;
    if (memo.deletedAt && options.deleted !== true) tally.deletedLeftOut++;
    else written.push(await writeMemo(request, voiceMemos, memo, tally));
    onProgress?.(written.length, voiceMemos.memos.length);
  }
  return written;
}

async function writeMemo(
  request: ExportRequest,
  voiceMemos: VoiceMemos,
  memo: VoiceMemo,
  tally: Tally,
): Promise<WrittenMemo> {
  const { folder, timeZone } = request;
  const name = nameOf(memo, timeZone);
  const group = memo.deletedAt ? ['Recently Deleted'] : memo.folder ? [memo.folder] : [];
  const audio = await writeAudio(request, memo, [...group, name]);
  if (typeof audio === 'string') return { memo, audio, transcript: undefined, transcriptPath: undefined };
  const transcript = await transcriptOf(voiceMemos, memo, tally);
  const hasText = transcript !== undefined && transcript.text !== '';
  const options = memo.recordedAt ? { modifiedAt: memo.recordedAt } : {};
  const text = hasText ? await folder.write([...group, `${name}.txt`], `${transcript.text}\n`, options) : undefined;
  return { memo, audio, transcript: hasText ? transcript : undefined, transcriptPath: text?.path };
}

/** "2026-05-01 09.30 Choir": sorts by date, and says what it is. A file that no list names keeps its own name. */
function nameOf({ key, title, fileName, recordedAt }: VoiceMemo, timeZone: string): string {
  if (key.startsWith('file:') && !title && fileName) return fileName.replace(/\.[a-z0-9]{1,8}$/i, '');
  const words = title ?? 'Recording';
  return recordedAt ? `${timesIn(timeZone).forFile(recordedAt)} ${words}` : words;
}

/** @param parts folders and the name, without an extension. */
async function writeAudio(
  { backup, folder }: ExportRequest,
  { audio, fileName, recordedAt }: VoiceMemo,
  parts: readonly string[],
): Promise<WrittenMemo['audio']> {
  const entry = audio?.state === 'in-backup' ? backup.find(audio.place.domain, audio.place.relativePath) : undefined;
  if (entry === undefined) return 'missing';
  const extension = /\.[a-z0-9]{1,8}$/i.exec(entry.relativePath || (fileName ?? ''))?.[0] ?? '';
  const wish = [...parts.slice(0, -1), `${parts.at(-1) ?? ''}${extension}`];
  try {
    return await folder.write(wish, backup.chunks(entry), recordedAt ? { modifiedAt: recordedAt } : {});
  } catch (error) {
    if (isNotFound(error)) return 'missing';
    if (isAppError(error, 'FORMAT_INVALID')) return 'unreadable';
    throw error;
  }
}

async function transcriptOf(
  voiceMemos: VoiceMemos,
  memo: VoiceMemo,
  tally: Tally,
): Promise<VoiceMemoTranscript | undefined> {
  try {
    return await voiceMemos.transcriptOf(memo);
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    tally.badTranscripts++;
    return undefined;
  }
}

function contentOf(
  written: readonly WrittenMemo[],
  { format, timeZone }: ExportRequest,
): AsyncIterable<string> | Iterable<string> {
  if (format === 'json') return jsonArray(written.map((each) => dataOf(each, timeZone)));
  return format === 'csv' ? csv(COLUMNS, rowsOf(written, timeZone)) : memosPage(written, timeZone);
}

const COLUMNS = [
  'Time',
  'Title',
  'Folder',
  'Duration (s)',
  'Deleted at',
  'Recording',
  'Transcript',
  'Language',
  'Identifier',
];

function* rowsOf(written: readonly WrittenMemo[], timeZone: string): Generator<CsvValue[], undefined> {
  const times = timesIn(timeZone);
  for (const { memo, audio, transcript } of written) {
    yield [
      times.iso(memo.recordedAt),
      memo.title,
      memo.folder,
      memo.durationSeconds,
      times.iso(memo.deletedAt),
      typeof audio === 'string' ? audio : audio.path,
      transcript?.text,
      transcript?.language,
      memo.key,
    ];
  }
}

function dataOf({ memo, audio, transcript, transcriptPath }: WrittenMemo, timeZone: string): unknown {
  const times = timesIn(timeZone);
  const iso = (at: Date | null | undefined): string | null | undefined => (at ? times.iso(at) : at);
  const { audio: source, ...fields } = memo;
  return {
    ...fields,
    recordedAt: iso(memo.recordedAt),
    deletedAt: iso(memo.deletedAt),
    source: source?.place,
    file: typeof audio === 'string' ? null : audio.path,
    state: typeof audio === 'string' ? audio : 'in-backup',
    transcript: transcript ?? null,
    transcriptFile: transcriptPath ?? null,
  };
}

function notesOf(written: readonly WrittenMemo[], { deletedLeftOut, badTranscripts }: Tally): string[] {
  const missing = written.filter(({ audio }) => audio === 'missing').length;
  const unreadable = written.filter(({ audio }) => audio === 'unreadable').length;
  return [
    missing > 0 && `Of ${memosInWords(missing)}, the recording is not in this backup.`,
    unreadable > 0 && `Of ${memosInWords(unreadable)}, the recording could not be decrypted.`,
    badTranscripts > 0 && `Of ${memosInWords(badTranscripts)}, the transcript could not be read.`,
    deletedLeftOut > 0 &&
      `${sentence(`${memosInWords(deletedLeftOut)} in “Recently Deleted” left out`)} Add --deleted to have them.`,
  ].filter((note) => typeof note === 'string');
}

const memosInWords = (count: number): string => (count === 1 ? 'one voice memo' : `${count} voice memos`);
