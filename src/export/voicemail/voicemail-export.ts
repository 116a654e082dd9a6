import { openContacts, openVoicemail, type Contacts, type Voicemail, type Voicemails } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { isAbout, isWithin, timesIn } from '../text/times.ts';
import { voicemailPage } from './voicemail-page.ts';
import { writeAudio, type WrittenAudio } from './write-audio.ts';

const TITLE = 'Voicemail';

/** A message with what was written of it. */
export interface WrittenVoicemail {
  readonly voicemail: Voicemail;
  /** Who left it, as far as it is known. */
  readonly name: string;
  readonly audio: WrittenAudio | 'missing' | 'unreadable';
  readonly transcriptPath: string | undefined;
}

/** The voice mail: recordings, copies of them that play everywhere, transcripts, and a page, a table or data of all. */
export const voicemailExport: ContentExport = {
  kind: 'voicemail',
  title: TITLE,
  formats: ['html', 'csv', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using voicemails = await openVoicemail(request.backup);
    if (voicemails === undefined) return undefined;
    using contacts = await openContacts(request.backup);
    const written = await writeAll(request, voicemails, contacts);
    const others = await writeOthers(request, voicemails);
    const { path } = await request.folder.write([`${TITLE}.${request.format}`], contentOf(written, others, request));
    const notes = notesOf(written, others);
    return { items: written.length, notes, ...(request.format === 'html' && { startPage: path }) };
  },
};

async function writeAll(
  request: ExportRequest,
  voicemails: Voicemails,
  contacts: Contacts | undefined,
): Promise<WrittenVoicemail[]> {
  const { signal, options, onProgress } = request;
  const written: WrittenVoicemail[] = [];
  for await (const voicemail of voicemails.all()) {
    signal.throwIfAborted();
    const name = senderName(voicemail, contacts);
    if (!isWithin(voicemail.at, options) || !isAbout([name, voicemail.sender], options.people)) continue;
    written.push(await writeOne(request, voicemail, name));
    onProgress?.(written.length, undefined);
  }
  return written;
}

async function writeOne(
  { folder, backup, timeZone }: ExportRequest,
  voicemail: Voicemail,
  name: string,
): Promise<WrittenVoicemail> {
  const { at, recording, transcript } = voicemail;
  const fileName = `${at === undefined ? 'no date' : timesIn(timeZone).forFile(at)} ${name}`;
  const audio =
    recording.state === 'in-backup'
      ? await writeAudio(folder, backup, recording.entry, ['Recordings', fileName])
      : 'missing';
  const text = transcript && (await folder.write(['Recordings', `${fileName}.txt`], `${transcript.text}\n`));
  return { voicemail, name, audio, transcriptPath: text?.path };
}

const senderName = ({ sender }: Voicemail, contacts: Contacts | undefined): string =>
  sender ? (contacts?.nameFor(sender) ?? sender) : 'Unknown number';

/** Greetings, and recordings that the list does not name. */
export interface OtherAudio {
  readonly title: string;
  readonly audio: WrittenAudio;
}

async function writeOthers({ folder, backup, options }: ExportRequest, voicemails: Voicemails): Promise<OtherAudio[]> {
  // They have neither a date nor a person by which they could be asked for.
  if (options.people?.length || options.from || options.until) return [];
  const wanted = [
    ...voicemails.greetings.map((entry) => ({ entry, title: 'Greeting' })),
    ...voicemails.unclaimedRecordings().map((entry) => ({ entry, title: 'Recording without an entry' })),
  ];
  const others: OtherAudio[] = [];
  for (const { entry, title } of wanted) {
    const audio = await writeAudio(folder, backup, entry, ['Other recordings', title]);
    if (typeof audio === 'object') others.push({ title, audio });
  }
  return others;
}

function contentOf(
  written: readonly WrittenVoicemail[],
  others: readonly OtherAudio[],
  { format, timeZone }: ExportRequest,
): AsyncIterable<string> | Iterable<string> {
  if (format === 'json') return jsonArray(written.map(dataOf));
  if (format === 'csv') return csv(COLUMNS, rowsOf(written, timeZone));
  return voicemailPage(written, others, timeZone);
}

const COLUMNS = [
  'Time',
  'Name',
  'Number',
  'State',
  'Duration (s)',
  'Transcript',
  'Confidence',
  'Left at',
  'Account',
  'Deleted at',
  'Recording',
  'Playable copy',
  'Identifier',
];

function* rowsOf(
  written: readonly WrittenVoicemail[],
  timeZone: string,
): Generator<(string | number | null | undefined)[]> {
  const times = timesIn(timeZone);
  for (const { voicemail, name, audio } of written) {
    const paths = typeof audio === 'object' ? [audio.path, audio.playablePath] : [audio, ''];
    yield [
      times.iso(voicemail.at),
      name,
      voicemail.sender,
      voicemail.state,
      voicemail.durationSeconds,
      voicemail.transcript?.text,
      voicemail.transcript?.confidence,
      voicemail.receiver,
      voicemail.account,
      times.iso(voicemail.trashedAt),
      ...paths,
      voicemail.key,
    ];
  }
}

function dataOf({ voicemail, name, audio }: WrittenVoicemail): unknown {
  const { recording, row: _row, at, transcript, ...fields } = voicemail;
  const files = typeof audio === 'object' ? { recording: audio.path, playable: audio.playablePath ?? null } : {};
  const state = typeof audio === 'object' ? recording.state : audio === 'missing' ? 'not-in-backup' : audio;
  return { ...fields, at: at ?? null, name, transcript: transcript ?? null, recordingState: state, ...files };
}

function notesOf(written: readonly WrittenVoicemail[], others: readonly OtherAudio[]): string[] {
  const count = (test: (each: WrittenVoicemail) => boolean): number => written.filter(test).length;
  const gone = count(({ audio, voicemail }) => audio === 'missing' && voicemail.state !== 'deleted');
  const unreadable = count(({ audio }) => audio === 'unreadable');
  const silent = [...written, ...others].filter(({ audio }) => isSilent(audio)).length;
  const badTranscripts = count(({ voicemail }) => voicemail.problem === 'unreadable-transcript');
  return [
    gone > 0 &&
      `Of ${messages(gone)}, the recording is not in the backup: the phone had not fetched it, or has let go of it.`,
    unreadable > 0 && `Of ${messages(unreadable)}, the recording could not be decrypted.`,
    silent > 0 &&
      `Of ${messages(silent)}, there is the original recording but no WAV copy: it is not the AMR sound that was expected.`,
    badTranscripts > 0 && `Of ${messages(badTranscripts)}, the transcript could not be read.`,
  ].filter((note) => typeof note === 'string');
}

/** Films that were left with FaceTime are played as they are, but not by the page. */
const isSilent = (audio: WrittenVoicemail['audio']): boolean =>
  typeof audio === 'object' && !audio.playablePath && !/\.(?:mp4|m4v|mov)$/i.test(audio.path);

const messages = (count: number): string => (count === 1 ? 'one message' : `${count} messages`);
