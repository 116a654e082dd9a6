import { byIdentifier, openNotes, type Note, type Notes } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { csv } from '../text/csv.ts';
import { fileAddress } from '../text/html.ts';
import { jsonArray } from '../text/json.ts';
import { NOTE_COLUMNS, noteData, noteRow } from './data.ts';
import { indexAnchor, indexEntryOf, indexPage, type IndexEntry } from './index-page.ts';
import { markdownOf } from './markdown.ts';
import { notePage } from './note-page.ts';
import { takeFilesOut, type TakenFiles } from './taken-files.ts';
import { Tally } from './tally.ts';

const TRASH = 'Recently Deleted';
const LONGEST_NAME = 80;

/** Notes: a page for each with its pictures and files beside it, Markdown, or data. */
export const notesExport: ContentExport = {
  kind: 'notes',
  title: 'Notes',
  formats: ['html', 'markdown', 'json', 'csv'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using notes = await openNotes(request.backup, { password: request.options.notePassword });
    if (notes === undefined) return undefined;
    const tally = new Tally(notes);
    const wanted = wantedNotes(notes, request, tally);
    switch (request.format) {
      case 'json':
        await request.folder.write(['Notes.json'], jsonArray(dataOf(notes, wanted, request, tally)));
        return tally.summary();
      case 'csv':
        await request.folder.write(['Notes.csv'], await tableOf(wanted));
        return tally.summary();
      default:
        return await writePages(notes, wanted, request, tally);
    }
  },
};

/** Notes that were asked for. What was thrown away comes along in data, which says so, and in pages when it is wanted. */
async function* wantedNotes(notes: Notes, request: ExportRequest, tally: Tally): AsyncGenerator<Note, undefined> {
  const { from, until, deleted } = request.options;
  const isData = request.format === 'json' || request.format === 'csv';
  const total = notes.count();
  let done = 0;
  for await (const note of notes.notes()) {
    request.signal.throwIfAborted();
    request.onProgress?.(++done, total);
    const at = note.modifiedAt ?? note.createdAt;
    if ((from && !(at && at >= from)) || (until && !(at && at < until))) continue;
    if (note.isDeleted && !deleted && !isData) tally.leftOut();
    else {
      tally.count(note);
      yield note;
    }
  }
}

async function* dataOf(
  notes: Notes,
  wanted: AsyncIterable<Note>,
  { folder }: ExportRequest,
  tally: Tally,
): AsyncGenerator<object, undefined> {
  for await (const note of wanted) {
    const files = await takeFilesOut(notes, note, folder, ['Files', nameOf(note)]);
    tally.countFiles(files);
    yield noteData(note, files);
  }
}

/** The rows are at hand only when the notes were opened one by one. */
async function tableOf(wanted: AsyncIterable<Note>): Promise<Iterable<string>> {
  return csv(NOTE_COLUMNS, await Array.fromAsync(wanted, noteRow));
}

async function writePages(
  notes: Notes,
  wanted: AsyncIterable<Note>,
  request: ExportRequest,
  tally: Tally,
): Promise<ExportSummary> {
  const { folder, format, timeZone } = request;
  const entries: IndexEntry[] = [];
  const paths = new Map<string, string>();
  for await (const note of wanted) {
    const shelf = shelfOf(note, notes);
    const directory = folder.claimDirectory(shelf).path;
    const files = await takeFilesOut(notes, note, folder, [...shelf, `${nameOf(note)} – files`]);
    tally.countFiles(files);
    const address = (path: string): string => relativeTo(directory, path);
    const text =
      format === 'markdown'
        ? markdownOf(note, { files, address })
        : htmlOf(note, { files, directory, paths, timeZone });
    const options = note.modifiedAt ? { modifiedAt: note.modifiedAt } : {};
    const extension = format === 'markdown' ? 'md' : 'html';
    const { path } = await folder.write([...shelf, `${nameOf(note)}.${extension}`], text, options);
    paths.set(note.key.toUpperCase(), path);
    entries.push(indexEntryOf(note, shelf, path));
  }
  if (format === 'markdown') return tally.summary();
  const { path: startPage } = await folder.write(['index.html'], indexPage(entries, timeZone));
  return tally.summary(startPage);
}

interface HtmlOptions {
  readonly files: ReadonlyMap<string, TakenFiles>;
  readonly directory: string;
  /** Where the notes before this one are, by identifier. */
  readonly paths: ReadonlyMap<string, string>;
  readonly timeZone: string;
}

function htmlOf(note: Note, { files, directory, paths, timeZone }: HtmlOptions): string {
  const index = relativeTo(directory, 'index.html');
  return notePage(note, {
    files,
    timeZone,
    index,
    attachments: byIdentifier(note.attachments),
    address: (path) => fileAddress(relativeTo(directory, path)),
    note: (identifier) => {
      const path = paths.get(identifier);
      // A note that comes later has no page yet; the list of all leads on to it.
      return path === undefined ? `${index}#${indexAnchor(identifier)}` : fileAddress(relativeTo(directory, path));
    },
  });
}

/** The folders a note is put into: its account where there are several, and its folder with those around it. */
function shelfOf(note: Note, notes: Notes): string[] {
  const account = notes.accounts.length > 1 && note.account ? [note.account.name] : [];
  if (note.isDeleted) return [...account, TRASH];
  return [...account, ...(note.folder?.path ?? ['Notes'])];
}

/** A title as the name of a file, without what systems cut off or stumble over. */
const nameOf = ({ title }: Note): string =>
  Array.from(title.replaceAll(/\s+/g, ' ').slice(0, 2 * LONGEST_NAME))
    .slice(0, LONGEST_NAME)
    .join('')
    .trim();

/** The way from a directory of the export to one of its files; both relative to the folder. */
function relativeTo(directory: string, path: string): string {
  const from = directory === '' ? [] : directory.split('/');
  const to = path.split('/');
  let common = 0;
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++;
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/');
}
