import { openContacts, type Contact, type ContactCard, type Contacts } from '../../content/index.ts';
import type { ExportFolder } from '../folder/export-folder.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { jsonArray } from '../text/json.ts';
import { isAbout } from '../text/times.ts';
import { contactsPage, type WrittenPhoto } from './contacts-page.ts';
import { googleCsv } from './google-csv.ts';
import { vcard } from './vcard.ts';
import type { VcardVersion } from './vcard-line.ts';

const TITLE = 'Contacts';
/** What browsers show. */
const SHOWN = new Set(['image/jpeg', 'image/png', 'image/gif']);

/** The address book: a page with pictures, vCards in one file or one each, a table that others import, data. */
export const contactsExport: ContentExport = {
  kind: 'contacts',
  title: TITLE,
  formats: ['html', 'vcard4', 'vcard3', 'vcard4-each', 'vcard3-each', 'csv', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using contacts = await openContacts(request.backup);
    if (contacts === undefined) return undefined;
    const people = contacts.people.filter((person) => isAbout(namesOf(person), request.options.people));
    const startPage = await write(request, contacts, people);
    request.onProgress?.(people.length, people.length);
    return { items: people.length, notes: notesOf(contacts), ...(startPage !== undefined && { startPage }) };
  },
};

/** @returns the page to begin with, where there is one */
async function write(
  request: ExportRequest,
  contacts: Contacts,
  people: readonly Contact[],
): Promise<string | undefined> {
  const { folder, format } = request;
  if (format === 'html') return writePage(request, contacts, people);
  if (format === 'json') await folder.write([`${TITLE}.json`], jsonArray(cardsOf(contacts, people)));
  else if (format === 'csv') await folder.write([`${TITLE}.csv`], googleCsv(people));
  else {
    const version = format.startsWith('vcard3') ? '3.0' : '4.0';
    if (format.endsWith('-each')) await writeEach(request, contacts, people, version);
    else await folder.write([`${TITLE}.vcf`], vcards(request, contacts, people, version));
  }
  return undefined;
}

function* vcards(
  { signal, onProgress }: ExportRequest,
  contacts: Contacts,
  people: readonly Contact[],
  version: VcardVersion,
): Generator<string, undefined> {
  for (const [done, person] of people.entries()) {
    signal.throwIfAborted();
    yield vcard(person, version, contacts.photo(person));
    onProgress?.(done + 1, people.length);
  }
}

async function writeEach(
  { folder, signal, onProgress }: ExportRequest,
  contacts: Contacts,
  people: readonly Contact[],
  version: VcardVersion,
): Promise<void> {
  for (const [done, person] of people.entries()) {
    signal.throwIfAborted();
    const { name, modifiedAt } = person;
    const card = vcard(person, version, contacts.photo(person));
    await folder.write([`${name}.vcf`], card, modifiedAt ? { modifiedAt } : {});
    onProgress?.(done + 1, people.length);
  }
}

/** The pictures first: the page has to know which names they got. */
async function writePage(request: ExportRequest, contacts: Contacts, people: readonly Contact[]): Promise<string> {
  const { folder, signal, onProgress } = request;
  const photos = new Map<Contact, WrittenPhoto>();
  for (const [done, person] of people.entries()) {
    signal.throwIfAborted();
    const photo = await writePhotos(folder, contacts, person);
    if (photo !== undefined) photos.set(person, photo);
    onProgress?.(done + 1, people.length);
  }
  const page = contactsPage(people, (person) => photos.get(person));
  return (await folder.write([`${TITLE}.html`], page)).path;
}

async function writePhotos(
  folder: ExportFolder,
  contacts: Contacts,
  person: Contact,
): Promise<WrittenPhoto | undefined> {
  const full = contacts.photo(person);
  if (full === undefined) return undefined;
  const { path } = await folder.write(['Photos', `${person.name}.${full.extension}`], full.bytes);
  const small = contacts.thumbnail(person);
  if (small === undefined || !SHOWN.has(small.mediaType)) return { fullPath: path, smallPath: undefined };
  const parts = ['Photos', 'Small', `${person.name}.${small.extension}`];
  const written = await folder.write(parts, small.bytes);
  return { fullPath: path, smallPath: written.path };
}

/** Data says what is recorded: every card by itself, and with which others it is shown as one person. */
function* cardsOf(
  { cards }: Contacts,
  people: readonly Contact[],
): Generator<Omit<ContactCard, 'row'> & { linkedWith: string[] }, undefined> {
  const byRow = new Map(cards.map((card) => [card.row, card]));
  for (const { rows } of people) {
    const linked = rows.map((row) => byRow.get(row)).filter((card) => card !== undefined);
    for (const { row: _row, ...card } of linked) {
      yield { ...card, linkedWith: linked.map(({ key }) => key).filter((key) => key !== card.key) };
    }
  }
}

const namesOf = ({ name, nickname, phones, emails }: Contact): (string | null | undefined)[] => [
  name,
  nickname,
  ...[phones, emails].flat().map(({ value }) => value),
];

function notesOf({ photoProblem, strayValues }: Contacts): string[] {
  const notes: string[] = [];
  if (photoProblem !== undefined) notes.push(`The pictures could not be read: ${photoProblem}.`);
  if (strayValues > 0) {
    const what = strayValues === 1 ? 'one contact is' : `${strayValues} contacts are`;
    notes.push(`Numbers or addresses of ${what} left in the address book although the contact itself is gone.`);
  }
  return notes;
}
