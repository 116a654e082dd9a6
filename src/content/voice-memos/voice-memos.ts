import type { Row } from '../../database/index.ts';
import { readTopBox } from '../../formats/index.ts';
import { isNotFound } from '../../shared/target/backup-target.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase, type ContentDatabase, type Place } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { cocoaDateOf, firstOf, numberOf, textOf, uuidOf, type Recorded } from '../source/row-values.ts';
import { transcriptIn } from './transcript.ts';
import type { VoiceMemo, VoiceMemoAudio, VoiceMemoTranscript } from './voice-memo.ts';

/** Where recordings have been, the newest first: a group container since iOS 13, the media folder before. */
const FOLDERS: readonly Place[] = [
  { domain: 'AppDomainGroup-group.com.apple.VoiceMemos.shared', relativePath: 'Recordings' },
  { domain: 'MediaDomain', relativePath: 'Media/Recordings' },
  { domain: 'AppDomain-com.apple.VoiceMemos', relativePath: 'Documents/Recordings' },
];
const LISTS = ['CloudRecordings.db', 'Recordings.db'] as const;
const AUDIO = /\.(?:m4a|qta|caf|wav|aiff?|mp4|mov)$/i;
const MAX_MOVIE_BYTES = 64 * 1024 * 1024;
/** A title that nobody chose is the moment of the recording. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** The recordings of a phone, and what the phone understood of them. */
export interface VoiceMemos {
  readonly memos: readonly VoiceMemo[];
  /** Fields that the lists in this backup do not record. */
  readonly notAvailable: readonly string[];
  /** Lists that are there and cannot be read: sentences without a full stop. */
  readonly problems: readonly string[];
  /**
   * The transcript in a recording; reads the recording.
   *
   * @returns undefined when there is none, or the recording is not in the backup.
   * @throws {FormatError} when it cannot be read.
   */
  transcriptOf(memo: VoiceMemo): Promise<VoiceMemoTranscript | undefined>;
}

/**
 * Reads the lists of recordings of all releases, and the recordings that no list names.
 *
 * @returns undefined when the backup has neither.
 */
export async function openVoiceMemos(backup: Backup): Promise<VoiceMemos | undefined> {
  const memos = new Map<string, VoiceMemo>();
  const paths = new Set<string>();
  const notAvailable = new Set<string>();
  const problems: string[] = [];
  let hasList = false;
  const add = (memo: VoiceMemo): void => {
    const path = memo.audio && pathOf(memo.audio.place);
    const isKnown = memos.has(memo.key) || (path !== undefined && memo.audio?.state === 'in-backup' && paths.has(path));
    if (isKnown) return;
    memos.set(memo.key, memo);
    if (path !== undefined) paths.add(path);
  };
  for (const folder of FOLDERS) {
    for (const name of LISTS) {
      try {
        const place = { domain: folder.domain, relativePath: `${folder.relativePath}/${name}` };
        using database = await openContentDatabase(backup, [place]);
        if (database === undefined) continue;
        hasList = true;
        for (const memo of memosIn(database, backup, notAvailable)) add(memo);
      } catch (error) {
        if (!isAppError(error, 'FORMAT_INVALID')) throw error;
        problems.push(`the list of recordings (${name}) cannot be read: ${error.message}`);
      }
    }
  }
  for (const memo of unlistedMemos(backup, paths)) add(memo);
  if (memos.size === 0 && !hasList && problems.length === 0) return undefined;
  return {
    memos: [...memos.values()].toSorted((a, b) => Number(b.recordedAt ?? 0) - Number(a.recordedAt ?? 0)),
    notAvailable: [...notAvailable],
    problems,
    transcriptOf: (memo) => readTranscript(backup, memo),
  };
}

/** Voice memos for searching, by what was said in them where the phone wrote that down. */
export async function* voiceMemoItems(voiceMemos: VoiceMemos): AsyncGenerator<ContentItem, undefined> {
  for (const memo of voiceMemos.memos) {
    const transcript = await orUndefined(voiceMemos.transcriptOf(memo));
    const title = memo.title ?? memo.fileName ?? memo.key;
    const text = [title, memo.folder, transcript?.text].filter(Boolean).join('\n');
    yield { kind: 'voice-memos', key: memo.key, at: memo.recordedAt ?? undefined, title, text };
  }
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

const COLUMNS = [
  ['ZUNIQUEID', 'key'],
  ['ZENCRYPTEDTITLE', 'title'],
  ['ZCUSTOMLABELFORSORTING', 'sortTitle'],
  ['ZCUSTOMLABEL', 'label'],
  ['ZDATE', 'recordedAt'],
  ['ZDURATION', 'duration'],
  ['ZLOCALDURATION', 'localDuration'],
  ['ZEVICTIONDATE', 'deletedAt'],
  ['ZPATH', 'path'],
] as const;

/** @throws {FormatError} when it has no table of recordings. */
function* memosIn(
  database: ContentDatabase,
  backup: Backup,
  notAvailable: Set<string>,
): Generator<VoiceMemo, undefined> {
  const table = database.has('ZCLOUDRECORDING') ? 'ZCLOUDRECORDING' : 'ZRECORDING';
  database.require(table, 'ZPATH');
  const hasFolders = database.has(table, 'ZFOLDER') && database.has('ZFOLDER', 'ZENCRYPTEDNAME');
  if (!hasFolders) notAvailable.add('folder');
  if (!database.has(table, 'ZEVICTIONDATE')) notAvailable.add('deletedAt');
  const folder = hasFolders ? ', f.ZENCRYPTEDNAME AS folder' : '';
  const join = hasFolders ? 'LEFT JOIN ZFOLDER f ON f.Z_PK = r.ZFOLDER' : '';
  const sql = `SELECT r.Z_PK AS pk, ${database.select(table, 'r', COLUMNS)}${folder} FROM ${table} r ${join}`;
  for (const row of database.rows(sql, [], { bigints: true })) yield memoOf(row, database.place, backup);
}

function memoOf(row: Row, list: Place, backup: Backup): VoiceMemo {
  const path = textOf(row['path']);
  const fileName = path ? path.slice(path.lastIndexOf('/') + 1) : null;
  const recordedAt = cocoaDateOf(row['recordedAt']);
  const key = uuidOf(row['key']);
  return {
    key: key ? key : `file:${fileName ?? `${list.relativePath} ${String(row['pk'])}`}`,
    title: titleIn(row),
    recordedAt,
    durationSeconds: firstOf(numberOf(row['duration']), numberOf(row['localDuration'])),
    folder: textOf(row['folder']),
    deletedAt: cocoaDateOf(row['deletedAt']),
    fileName,
    audio: fileName === null ? undefined : audioOf(backup, list, fileName),
    ...(fileName === null && { problem: 'no-file-name' }),
  };
}

function titleIn(row: Row): Recorded<string> {
  const titles = ['title', 'sortTitle', 'label'].map((column) => textOf(row[column]));
  const title = titles.find((each) => each && !MOMENT.test(each));
  return title ?? (titles.every((each) => each === undefined) ? undefined : null);
}

/** In the folder of its list, or in any of the others; iOS 18 turns .m4a into .qta without telling its list. */
function audioOf(backup: Backup, list: Place, fileName: string): VoiceMemoAudio {
  const own = { domain: list.domain, relativePath: list.relativePath.slice(0, list.relativePath.lastIndexOf('/')) };
  const names = [fileName, fileName.replace(/\.(?:m4a|qta)$/i, '.qta'), fileName.replace(/\.(?:m4a|qta)$/i, '.m4a')];
  for (const { domain, relativePath } of [own, ...FOLDERS]) {
    for (const name of names) {
      const place = { domain, relativePath: `${relativePath}/${name}` };
      if (backup.find(domain, place.relativePath)?.kind === 'file') return { place, state: 'in-backup' };
    }
  }
  return { place: { ...own, relativePath: `${own.relativePath}/${fileName}` }, state: 'not-in-backup' };
}

/** Recordings beside the lists that none of them names. The pieces of one that was edited lie deeper. */
function* unlistedMemos(backup: Backup, known: ReadonlySet<string>): Generator<VoiceMemo, undefined> {
  for (const { domain, relativePath: folder } of FOLDERS) {
    for (const entry of backup.manifest.entries({ domain })) {
      const fileName = entry.relativePath.slice(folder.length + 1);
      const isAudio = entry.relativePath.startsWith(`${folder}/`) && !fileName.includes('/') && AUDIO.test(fileName);
      const place = { domain, relativePath: entry.relativePath };
      if (entry.kind !== 'file' || !isAudio || known.has(pathOf(place))) continue;
      yield {
        key: `file:${fileName}`,
        title: undefined,
        recordedAt: modifiedAt(entry),
        durationSeconds: undefined,
        folder: undefined,
        deletedAt: undefined,
        fileName,
        audio: { place, state: 'in-backup' },
      };
    }
  }
}

function modifiedAt(entry: { details(): { readonly modifiedAt?: Date } }): Date | undefined {
  try {
    return entry.details().modifiedAt;
  } catch (error) {
    if (isAppError(error, 'FORMAT_INVALID')) return undefined;
    throw error;
  }
}

async function readTranscript(backup: Backup, memo: VoiceMemo): Promise<VoiceMemoTranscript | undefined> {
  const { place, state } = memo.audio ?? {};
  const entry = place && state === 'in-backup' ? backup.find(place.domain, place.relativePath) : undefined;
  if (entry === undefined) return undefined;
  try {
    const movie = await readTopBox(backup.chunks(entry), 'moov', MAX_MOVIE_BYTES);
    return movie && transcriptIn(movie);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const pathOf = ({ domain, relativePath }: Place): string => `${domain}:${relativePath}`;
