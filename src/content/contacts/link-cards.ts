import type { AddressBook } from './cards.ts';
import type { Contact, ContactCard, OnlineAccount, PostalAddress } from './contact.ts';
import type { Recorded } from '../source/row-values.ts';
import { plainNumber } from './phone-number.ts';
import { appendTo } from '../../shared/append-to.ts';

/** The people of an address book: linked cards become one, as the phone shows them. In the order of their first cards. */
export function linkCards({ cards, links }: AddressBook): Contact[] {
  const byLink = new Map<string, ContactCard[]>();
  for (const card of cards) {
    const link = card.link ? `link ${card.link}` : `row ${card.row}`;
    appendTo(byLink, link, card);
  }
  return [...byLink.values()].map((linked) => {
    const preferred = links.get(linked[0]?.link ?? 0);
    const ordered = linked.toSorted((a, b) => Number(b.row === preferred?.name) - Number(a.row === preferred?.name));
    return merge(ordered, preferred?.image);
  });
}

/** What the first card says goes before what the others say; of what a person has several of, all of them. */
function merge(cards: readonly ContactCard[], preferredImageRow: number | undefined): Contact {
  const [first] = cards;
  if (first === undefined) throw new RangeError('there is no person without a card');
  if (cards.length === 1) return { ...first, rows: [first.row], preferredImageRow };
  const firstOf = <K extends keyof ContactCard>(key: K): ContactCard[K] =>
    cards.find((card) => card[key] !== null && card[key] !== undefined)?.[key] ?? first[key];
  const allOf = <T>(list: (card: ContactCard) => readonly T[], key: (value: T) => string): T[] =>
    [
      ...new Map(
        cards
          .flatMap(list)
          .toReversed()
          .map((value) => [key(value), value]),
      ).values(),
    ].toReversed();
  return {
    ...first,
    rows: cards.map(({ row }) => row),
    preferredImageRow,
    nickname: firstOf('nickname'),
    organization: firstOf('organization'),
    department: firstOf('department'),
    jobTitle: firstOf('jobTitle'),
    firstPhonetic: firstOf('firstPhonetic'),
    middlePhonetic: firstOf('middlePhonetic'),
    lastPhonetic: firstOf('lastPhonetic'),
    birthday: firstOf('birthday'),
    note: notesOf(cards),
    phones: allOf(
      ({ phones }) => phones,
      ({ value }) => plainNumber(value)?.digits ?? value,
    ),
    emails: allOf(
      ({ emails }) => emails,
      ({ value }) => value.toLowerCase(),
    ),
    addresses: allOf(({ addresses }) => addresses, addressKey),
    urls: allOf(
      ({ urls }) => urls,
      ({ value }) => value,
    ),
    related: allOf(
      ({ related }) => related,
      ({ label, value }) => `${label} ${value}`,
    ),
    dates: allOf(
      ({ dates }) => dates,
      (value) => JSON.stringify(value),
    ),
    instantMessages: allOf(({ instantMessages }) => instantMessages, accountKey),
    socialProfiles: allOf(({ socialProfiles }) => socialProfiles, accountKey),
    others: allOf(
      ({ others }) => others,
      (value) => JSON.stringify(value),
    ),
    groups: allOf(
      ({ groups }) => groups,
      (group) => group,
    ),
    isMe: cards.some(({ isMe }) => isMe),
  };
}

function notesOf(cards: readonly ContactCard[]): Recorded<string> {
  const notes = new Set(cards.map(({ note }) => note).filter((note) => typeof note === 'string'));
  return notes.size === 0 ? cards[0]?.note : [...notes].join('\n\n');
}

const addressKey = ({ label: _label, isBuiltIn: _isBuiltIn, ...parts }: PostalAddress): string => JSON.stringify(parts);

const accountKey = ({ service, username, url }: OnlineAccount): string =>
  JSON.stringify([service?.toLowerCase(), username, url]);
