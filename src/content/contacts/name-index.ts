import type { Contact } from './contact.ts';
import { agreement, COMPARED_DIGITS, plainNumber, type PlainNumber } from './phone-number.ts';
import { appendTo } from '../../shared/append-to.ts';

interface Entry {
  readonly number: PlainNumber;
  readonly contact: Contact;
}

/** Finds people by what a message or a call names them by. */
export class NameIndex {
  readonly #byMail = new Map<string, Contact[]>();
  /** By the last digits, of which short numbers have fewer. */
  readonly #byNumber = new Map<string, Entry[]>();

  constructor(contacts: Iterable<Contact>) {
    for (const contact of contacts) {
      for (const { value } of contact.emails) appendTo(this.#byMail, mailKey(value), contact);
      for (const { value } of contact.phones) {
        const number = plainNumber(value);
        if (number !== undefined) appendTo(this.#byNumber, lastDigits(number), { number, contact });
      }
    }
  }

  /** Undefined as well when it could be several people of different names. */
  find(phoneOrMail: string): Contact | undefined {
    if (phoneOrMail.includes('@')) return oneOf(this.#byMail.get(mailKey(phoneOrMail)) ?? []);
    const number = plainNumber(phoneOrMail);
    if (number === undefined) return undefined;
    const entries = this.#byNumber.get(lastDigits(number)) ?? [];
    const rated = entries.map(({ number: known, contact }) => ({ agreement: agreement(known, number), contact }));
    const best = Math.max(1, ...rated.map((each) => each.agreement));
    return oneOf(rated.filter((each) => each.agreement === best).map(({ contact }) => contact));
  }
}

const lastDigits = ({ digits }: PlainNumber): string => digits.slice(-COMPARED_DIGITS);

const mailKey = (mail: string): string =>
  mail
    .trim()
    .replace(/^(?:mailto|e):/i, '')
    .normalize('NFC')
    .toLowerCase();

function oneOf(contacts: readonly Contact[]): Contact | undefined {
  const names = new Set(contacts.map(({ name }) => name));
  return names.size === 1 ? contacts[0] : undefined;
}
