import { isAppError } from '../../shared/errors.ts';
import type { Backup } from '../../snapshot/index.ts';
import { openContentDatabase } from '../source/content-database.ts';
import type { ContentItem } from '../source/content-item.ts';
import { readAddressBook, type AddressBook } from './cards.ts';
import type { Contact, ContactCard, Labelled } from './contact.ts';
import { linkCards } from './link-cards.ts';
import { NameIndex } from './name-index.ts';
import { ContactPhotos, type ContactPhoto } from './photos.ts';

const FOLDER = 'Library/AddressBook';
const PLACES = [{ domain: 'HomeDomain', relativePath: `${FOLDER}/AddressBook.sqlitedb` }];
const PHOTO_PLACES = [{ domain: 'HomeDomain', relativePath: `${FOLDER}/AddressBookImages.sqlitedb` }];

/** The address book of a phone. Dispose it to let go of the pictures. */
export class Contacts implements Disposable {
  /** Cards as they are stored, one per account that knows a person. */
  readonly cards: readonly ContactCard[];
  /** People as the phone shows them: linked cards are one. */
  readonly people: readonly Contact[];
  /** Cards whose values are left without the card itself. */
  readonly strayValues: number;
  /** Fields that this iOS does not record. */
  readonly notAvailable: readonly string[];
  /** Why there are no pictures, when it is not that nobody has one. */
  readonly photoProblem: string | undefined;
  readonly #photos: ContactPhotos | undefined;
  #index: NameIndex | undefined;

  constructor(book: AddressBook, photos: ContactPhotos | undefined, photoProblem?: string) {
    this.cards = book.cards;
    this.people = linkCards(book);
    this.strayValues = book.strayValues;
    this.notAvailable = book.notAvailable;
    this.photoProblem = photoProblem;
    this.#photos = photos;
  }

  /** What the phone would show for a number or an address; undefined when nobody, or several people, have it. */
  nameFor(phoneOrMail: string): string | undefined {
    return this.find(phoneOrMail)?.name;
  }

  /** Whose number or address it is: numbers agree with or without country code, addresses in any capitals. */
  find(phoneOrMail: string): Contact | undefined {
    this.#index ??= new NameIndex(this.people);
    return this.#index.find(phoneOrMail);
  }

  /** The picture in its full size. */
  photo(contact: Contact): ContactPhoto | undefined {
    return this.#photos?.full(contact);
  }

  thumbnail(contact: Contact): ContactPhoto | undefined {
    return this.#photos?.thumbnail(contact);
  }

  [Symbol.dispose](): void {
    this.#photos?.[Symbol.dispose]();
  }
}

/**
 * Opens the address book of a backup.
 *
 * @returns undefined when the backup has none.
 * @throws {FormatError} when it is damaged, or laid out in a way that is not known.
 */
export async function openContacts(backup: Backup): Promise<Contacts | undefined> {
  using database = await openContentDatabase(backup, PLACES);
  if (database === undefined) return undefined;
  const book = readAddressBook(database);
  try {
    const pictures = await openContentDatabase(backup, PHOTO_PLACES);
    return new Contacts(book, pictures && new ContactPhotos(pictures));
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return new Contacts(book, undefined, error.message);
  }
}

/** For searching and for following people from backup to backup. */
export function* contactsItems(contacts: Contacts): Generator<ContentItem, undefined> {
  for (const contact of contacts.people) {
    yield {
      kind: 'contacts',
      key: contact.key,
      at: contact.modifiedAt ?? contact.createdAt ?? undefined,
      title: contact.name,
      text: wordsOf(contact).join('\n'),
    };
  }
}

function wordsOf(contact: Contact): string[] {
  const single = [
    contact.name,
    contact.nickname,
    contact.previousLast,
    contact.firstPhonetic,
    contact.lastPhonetic,
    contact.organization,
    contact.department,
    contact.jobTitle,
    contact.note,
  ];
  const values = [contact.phones, contact.emails, contact.urls, contact.related].flat().map(({ value }) => value);
  const structured = [contact.addresses, contact.instantMessages, contact.socialProfiles].flat().map(partsOf);
  return [...single, ...values, ...structured, ...contact.groups].filter(
    (each) => typeof each === 'string' && each !== '',
  ) as string[]; // filtered to strings
}

function partsOf({ label: _label, isBuiltIn: _isBuiltIn, problem: _problem, ...parts }: Labelled): string {
  return Object.values(parts).join(' ');
}
