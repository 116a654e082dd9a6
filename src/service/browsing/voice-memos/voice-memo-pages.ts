import { extname } from 'node:path/posix';
import type {
  PageQuery,
  VoiceMemo as ToldMemo,
  VoiceMemos as ToldMemos,
  VoiceMemoTranscript,
} from '../../../contract/index.ts';
import type { VoiceMemo, VoiceMemos } from '../../../content/index.ts';
import type { ManifestEntry } from '../../../snapshot/index.ts';
import { fileRef } from '../files/file-ref.ts';
import { openContent, type Content } from '../files/stored-content.ts';
import { voiceMemosIn } from '../kinds.ts';
import type { Unlocked } from '../unlocked.ts';
import { demandItem, demandKind, isoOf, orNone, pageFrom, textOrNone } from '../values.ts';

/** Newest first. */
export async function listVoiceMemos(unlocked: Unlocked, query: PageQuery): Promise<ToldMemos> {
  const { memos } = await voiceMemos(unlocked);
  return pageFrom(memos, query, (memo: VoiceMemo) => tell(unlocked, memo));
}

/** Where one stands in the list. @throws {AppError} CONTENT_NOT_FOUND */
export async function placeOfVoiceMemo(unlocked: Unlocked, id: string): Promise<{ n: number }> {
  const n = (await voiceMemos(unlocked)).memos.findIndex(({ key }) => key === id);
  return { n: demandItem(n === -1 ? undefined : n, 'recording') };
}

/** What the phone understood; reads the recording. @throws {AppError} CONTENT_NOT_FOUND, FORMAT_INVALID */
export async function voiceMemoTranscript(unlocked: Unlocked, id: string): Promise<VoiceMemoTranscript> {
  const found = await findMemo(unlocked, id);
  const transcript = await (await voiceMemos(unlocked)).transcriptOf(found);
  return { text: transcript?.text, language: transcript?.language };
}

/** The recording as it was, to be kept under its title. @throws {AppError} CONTENT_NOT_FOUND */
export async function voiceMemoRecording(unlocked: Unlocked, id: string): Promise<Content> {
  const memo = await findMemo(unlocked, id);
  const entry = entryOf(unlocked, memo);
  const ending = extname(entry?.relativePath ?? '');
  const day = isoOf(memo.recordedAt)?.slice(0, 10);
  const name = [day, textOrNone(memo.title) ?? 'Recording'].filter(Boolean).join(' ');
  return { ...(await openContent(unlocked, entry, `${name.slice(0, 150)}${ending}`)), isInline: false };
}

const voiceMemos = async (unlocked: Unlocked): Promise<VoiceMemos> =>
  demandKind(await voiceMemosIn(unlocked), 'voice memos');

async function findMemo(unlocked: Unlocked, id: string): Promise<VoiceMemo> {
  const { memos } = await voiceMemos(unlocked);
  return demandItem(
    memos.find(({ key }) => key === id),
    'recording',
  );
}

function entryOf({ backup }: Unlocked, { audio }: VoiceMemo): ManifestEntry | undefined {
  return audio?.state === 'in-backup' ? backup.find(audio.place.domain, audio.place.relativePath) : undefined;
}

function tell(unlocked: Unlocked, memo: VoiceMemo): ToldMemo {
  const entry = entryOf(unlocked, memo);
  const title = textOrNone(memo.title) ?? '';
  return {
    id: memo.key,
    title,
    at: isoOf(memo.recordedAt),
    durationSeconds: orNone(memo.durationSeconds),
    folder: textOrNone(memo.folder),
    deletedAt: isoOf(memo.deletedAt),
    recording: entry && fileRef(entry, { name: title, shownAs: 'sound' }),
  };
}
