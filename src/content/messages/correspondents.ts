import type { ContentDatabase } from '../source/content-database.ts';
import { numberOf, textOf } from '../source/row-values.ts';
import type { Correspondent } from './message.ts';

/** Who somebody is, by number or address; `key` is the same for all of one person. */
export interface AddressBookLookup {
  find(phoneOrMail: string): { readonly key: string; readonly name: string } | undefined;
}

/**
 * Everybody who ever wrote or was written to. One person has several handles: one for each address and each service.
 * Messages ties them by `person_centric_id`, the address book by its cards; what has the same address is the same.
 */
export class Correspondents {
  readonly #byRow = new Map<number, Correspondent>();
  readonly #byAddress = new Map<string, Correspondent>();
  readonly #book: AddressBookLookup | undefined;
  /** Persons that turned out to be one: a tree that leads to the name it goes by. */
  readonly #same = new Map<string, string>();

  constructor(database: ContentDatabase, book: AddressBookLookup | undefined) {
    this.#book = book;
    if (!database.has('handle', 'id')) return;
    const columns = database.select('handle', 'h', ['id', 'person_centric_id']);
    const rows = database.all(`SELECT h.ROWID AS row_id, ${columns} FROM handle h ORDER BY h.ROWID`);
    const addresses = rows.map((row) => {
      const address = withoutTags(textOf(row['id']) ?? '');
      const person = textOf(row['person_centric_id']) ?? '';
      if (person !== '') this.#join(keyOf(address), `person:${person}`);
      const known = book?.find(address);
      if (known !== undefined) this.#join(keyOf(address), `contact:${known.key}`);
      return [numberOf(row['row_id']) ?? 0, address] as const;
    });
    for (const [rowId, address] of addresses) this.#byRow.set(rowId, this.at(address));
  }

  /** By the row of `handle`. */
  byRow(rowId: number): Correspondent | undefined {
    return this.#byRow.get(rowId);
  }

  /** By number or address, whether it has a handle or not. */
  at(tagged: string): Correspondent {
    const address = withoutTags(tagged);
    let known = this.#byAddress.get(address);
    if (known === undefined) {
      const contact = this.#book?.find(address);
      if (contact !== undefined) this.#join(keyOf(address), `contact:${contact.key}`);
      known = { address, name: contact?.name, person: this.#personOf(keyOf(address)) };
      this.#byAddress.set(address, known);
    }
    return known;
  }

  #personOf(key: string): string {
    let person = key;
    for (let next = this.#same.get(person); next !== undefined; next = this.#same.get(person)) person = next;
    return person;
  }

  #join(a: string, b: string): void {
    const [from, to] = [this.#personOf(a), this.#personOf(b)];
    if (from !== to) this.#same.set(from, to);
  }
}

/**
 * What the phone has sorted out is filed under the sender with a tag behind it: `(filtered)`, `(smsfp)` for promotions,
 * `(smsft_fi)` for transactions about money. It is the same sender; some have two tags.
 */
const withoutTags = (address: string): string => address.replace(TAGS, '') || address;
const TAGS = /(?:\((?:filtered|sms[a-z]{1,8}(?:_[a-z]{1,8})?)\)){1,4}$/i;

/** Numbers with and without spaces are the same, addresses in any capitals. */
function keyOf(address: string): string {
  const plain = address.trim().normalize('NFC').toLowerCase();
  return plain.includes('@') ? plain : plain.replace(/[\s()./-]/g, '');
}
