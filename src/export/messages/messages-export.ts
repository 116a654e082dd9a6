import { openContacts, openMessages } from '../../content/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { writeCsv } from './csv.ts';
import { writeEml } from './eml/write-eml.ts';
import { writeHtml } from './html/write-html.ts';
import { writeJson } from './json.ts';
import { prepare, type TakeOut } from './take-out.ts';
import { writeText } from './text.ts';

/** Every format writes all it is given and says where to begin reading. */
const FORMATS: Readonly<Record<string, (out: TakeOut) => Promise<string | undefined>>> = {
  html: writeHtml,
  // Loaded when it is asked for: fonts and all take longer than the rest of the program.
  pdf: async (out) => (await import('./pdf/write-pdf.ts')).writePdf(out),
  txt: writeText,
  csv: writeCsv,
  json: writeJson,
  eml: writeEml,
};
/** Data for other programs holds everything, also what is in Recently Deleted, marked as that. */
const DATA_FORMATS = new Set(['csv', 'json']);

/** Messages: conversations to read, print, keep and hand on. */
export const messagesExport: ContentExport = {
  kind: 'messages',
  title: 'Messages',
  formats: ['html', 'pdf', 'txt', 'csv', 'json', 'eml'],
  run: takeOutMessages,
};

async function takeOutMessages(request: ExportRequest): Promise<ExportSummary | undefined> {
  const [contacts, contactsProblem] = await addressBook(request.backup);
  using _contacts = contacts;
  using messages = await openMessages(request.backup, { contacts });
  if (messages === undefined) return undefined;
  const { format, options } = request;
  const write = FORMATS[format];
  if (write === undefined) throw new TypeError(`messages have no format ${format}`);
  const out = prepare(request, messages, DATA_FORMATS.has(format) || options.deleted === true);
  await using _views = out.views;
  if (contactsProblem !== undefined)
    out.notes.push(`Names could not be read from the address book: ${contactsProblem}.`);
  const startPage = await write(out);
  return {
    items: out.selection.taken,
    notes: [...notesOf(out), ...out.notes],
    ...(startPage !== undefined && { startPage }),
  };
}

/** Messages are worth having without names. */
async function addressBook(
  backup: Backup,
): Promise<[Awaited<ReturnType<typeof openContacts>>, problem: string | undefined]> {
  try {
    return [await openContacts(backup), undefined];
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID', 'SNAPSHOT_CORRUPT')) throw error;
    return [undefined, error.message];
  }
}

function notesOf({ selection, copies, messages, request, views }: TakeOut): string[] {
  const { missing } = copies;
  const notes = [
    missing['not-in-backup'] > 0 &&
      `${files(missing['not-in-backup'])} not in this backup: kept in iCloud, or removed from the phone.`,
    missing['not-downloaded'] > 0 && `${files(missing['not-downloaded'])} never downloaded to the phone.`,
    missing.unreadable > 0 && `${files(missing.unreadable)} in the backup, but damaged.`,
    views.withoutView > 0 &&
      `${views.withoutView === 1 ? 'One photo is HEIC and' : `${views.withoutView.toLocaleString('en')} photos are HEIC and`} named instead of shown; --jpeg-copies shows all that this computer can decode.`,
    selection.damaged > 0 && `${messagesWord(selection.damaged)} could not be read in full; each is marked.`,
    selection.leftOut > 0 &&
      `${messagesWord(selection.leftOut)} in Recently Deleted left out; --deleted takes them out as well.`,
    messages.notAvailable.length > 0 &&
      DATA_FORMATS.has(request.format) &&
      `This version of iOS does not record: ${messages.notAvailable.join(', ')}.`,
  ];
  return notes.filter((note) => note !== false);
}

const files = (count: number): string =>
  count === 1 ? 'One file that was sent is' : `${count.toLocaleString('en')} files that were sent are`;

const messagesWord = (count: number): string =>
  count === 1 ? 'One message' : `${count.toLocaleString('en')} messages`;
