import type { ContactCard } from './contact.ts';

type NamedCard = Pick<
  ContactCard,
  | 'kind'
  | 'displayName'
  | 'prefix'
  | 'first'
  | 'middle'
  | 'last'
  | 'suffix'
  | 'nickname'
  | 'organization'
  | 'phones'
  | 'emails'
>;

/** Chinese, Japanese and Korean names: the family comes first, and nothing stands between. */
const FAMILY_FIRST = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー・\s]+$/u;

/** What people call somebody; of a card without any name, what else there is to know it by. */
export function nameOf(card: NamedCard): string {
  const organization = card.organization?.trim() ?? '';
  if (card.kind === 'organisation' && organization !== '') return organization;
  const own = personName(card);
  if (own !== '') return own;
  const others = [card.displayName, card.nickname, organization, card.emails[0]?.value, card.phones[0]?.value];
  return others.map((each) => each?.trim() ?? '').find((each) => each !== '') ?? 'No name';
}

function personName({ prefix, first, middle, last, suffix }: NamedCard): string {
  const [given, family] = [first?.trim() ?? '', last?.trim() ?? ''];
  if (given !== '' && family !== '' && FAMILY_FIRST.test(given) && FAMILY_FIRST.test(family)) {
    return `${family}${middle?.trim() ?? ''}${given}`;
  }
  return [prefix, given, middle, family, suffix]
    .map((part) => part?.trim() ?? '')
    .filter((part) => part !== '')
    .join(' ');
}
