import type { Note } from '../../content/index.ts';
import { fileAddress, html, pageEnd, pageStart, type Markup } from '../text/html.ts';
import { INDEX_STYLE } from './style.ts';
import { momentWords } from './words.ts';
import { appendTo } from '../../shared/append-to.ts';

/** What the list of all notes shows of one. */
export interface IndexEntry {
  readonly key: string;
  readonly title: string;
  readonly line: string;
  readonly at: Date | undefined;
  readonly isPinned: boolean;
  readonly isLocked: boolean;
  /** Where it is shown: the account where there are several, and its folders. */
  readonly folder: readonly string[];
  readonly isInTrash: boolean;
  /** Relative to the list. */
  readonly path: string;
}

const LINE_LENGTH = 120;

export function indexEntryOf(note: Note, folder: readonly string[], path: string): IndexEntry {
  const lines = note.text.split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => line !== '');
  const rest = lines.slice(lines[first] === note.title ? first + 1 : 0).find((line) => line !== '');
  return {
    key: note.key,
    title: note.title,
    line: Array.from((rest ?? '').slice(0, 2 * LINE_LENGTH))
      .slice(0, LINE_LENGTH)
      .join(''),
    at: note.modifiedAt ?? note.createdAt ?? undefined,
    isPinned: note.isPinned === true,
    isLocked: note.lock !== undefined,
    folder,
    isInTrash: note.isDeleted,
    path,
  };
}

/** Where a note stands in the list: for links to it from other notes. */
export const indexAnchor = (key: string): string => `note-${key.replace(/[^A-Za-z0-9-]/g, '-')}`;

/** All notes by folder, the newest first and pinned ones before them, as the phone lists them. */
export function* indexPage(entries: readonly IndexEntry[], timeZone: string): Generator<string, undefined> {
  yield pageStart({ title: 'Notes', style: INDEX_STYLE });
  yield html`<h1>Notes</h1>\n<p class="quiet">${entries.length.toLocaleString('en')} ${entries.length === 1 ? 'note' : 'notes'}. Times are those of ${timeZone}.</p>\n`
    .text;
  for (const folder of foldersOf(entries)) {
    const [first] = folder;
    if (first === undefined) continue;
    yield html`<section class="folder"><h2 dir="auto">${first.folder.join(' › ')} <span class="quiet">${folder.length}</span></h2>\n<ul class="notes">\n`
      .text;
    for (const entry of folder.toSorted(byImportance)) yield entryHtml(entry, timeZone).text;
    yield '</ul></section>\n';
  }
  yield pageEnd;
}

function entryHtml(entry: IndexEntry, timeZone: string): Markup {
  const marks = [entry.isPinned && '📌', entry.isLocked && '🔒'].filter(Boolean).join(' ');
  const time = entry.at && html`<time datetime="${entry.at.toISOString()}">${momentWords(entry.at, timeZone)}</time>`;
  return html`<li id="${indexAnchor(entry.key)}"><a href="${fileAddress(entry.path)}"><b dir="auto">${marks && `${marks} `}${entry.title}</b><span class="line">${time}<span dir="auto">${entry.line}</span></span></a></li>\n`;
}

/** Folders in alphabetical order, those with what was thrown away last. */
function foldersOf(entries: readonly IndexEntry[]): IndexEntry[][] {
  const folders = new Map<string, IndexEntry[]>();
  for (const entry of entries) {
    appendTo(folders, entry.folder.join('\n'), entry);
  }
  const collator = new Intl.Collator('en', { numeric: true });
  const isTrash = (folder: readonly IndexEntry[]): number => Number(folder[0]?.isInTrash === true);
  return [...folders]
    .toSorted(([a, first], [b, second]) => isTrash(first) - isTrash(second) || collator.compare(a, b))
    .map(([, folder]) => folder);
}

const byImportance = (a: IndexEntry, b: IndexEntry): number =>
  Number(b.isPinned) - Number(a.isPinned) || (b.at?.getTime() ?? 0) - (a.at?.getTime() ?? 0);
