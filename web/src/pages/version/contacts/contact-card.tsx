import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Contact } from '../../../../../src/contract/index.ts';
import { ButtonLink } from '../../../parts/button.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { writeDate } from '../../../telling/time.ts';
import { useLanguage, type Language } from '../../../words/language.ts';
import { peopleWords } from '../../../words/people.ts';
import { useWords } from '../../../words/words.ts';
import { Outside } from '../linked-text.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { Portrait } from './portrait.tsx';
import styles from './contacts-page.module.css';

/** Everything that is on the card of one person. */
export function ContactCard({ contact }: { readonly contact: string }) {
  const { id } = useVersion();
  const query = useQuery(contentQuery(id, ['contacts', contact], Contact));
  return <Loaded query={query}>{(card) => <Card card={card} />}</Loaded>;
}

type Labelled = Contact['phones'][number];

function Card({ card }: { readonly card: Contact }) {
  const { contacts: words } = useWords(peopleWords);
  const language = useLanguage();
  const { base } = useVersion();
  const work = [card.jobTitle, card.department, card.organization === card.name ? undefined : card.organization];
  const facts = [
    { name: words.nickname, value: card.nickname },
    ...card.phones.map((each) => row(each, words.phone, words.labels, <Reach value={each.value} by="tel" />)),
    ...card.emails.map((each) => row(each, words.email, words.labels, <Reach value={each.value} by="mailto" />)),
    ...card.addresses.map((each) => row(each, words.address, words.labels, <Lines lines={each.lines} />)),
    ...card.urls.map((each) => row(each, words.url, words.labels, <Outside to={each.value}>{each.value}</Outside>)),
    ...card.accounts.map((each) => row({ ...each, label: each.service ?? each.label }, words.account, words.labels)),
    { name: words.birthday, value: card.birthday && birthdayOf(card.birthday, language) },
    ...card.dates.map((each) => row(each, words.date, words.labels, birthdayOf(each.value, language))),
    ...card.related.map((each) => row(each, words.related, words.labels)),
    { name: words.groups, value: card.groups.join(', ') },
    { name: words.note, value: card.note && <Lines lines={card.note.split('\n')} /> },
  ].filter(({ value }) => value !== undefined && value !== '');
  return (
    <article className={styles.card}>
      <header>
        <Portrait contact={card} isLarge />
        <div>
          <h2 dir="auto">{card.name === '' ? words.noName : card.name}</h2>
          {work.some(Boolean) && (
            <p className={styles.second} dir="auto">
              {work.filter(Boolean).join(', ')}
            </p>
          )}
          {card.isMe === true && <p className={styles.second}>{words.me}</p>}
        </div>
      </header>
      {card.conversation !== undefined && (
        <ButtonLink to={addressIn(base, 'messages', card.conversation)}>{words.messages}</ButtonLink>
      )}
      <dl className={styles.facts}>
        {facts.map(({ name, value }, index) => (
          // Two numbers may be called the same.
          <div key={index}>
            <dt dir="auto">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </article>
  );
}

/** A value under what it is called; Apple's own labels are said in the reader's language. */
function row(
  { label, value }: Partial<Labelled>,
  fallback: string,
  labels: Readonly<Record<string, string>>,
  shown?: ReactNode,
): { name: string; value: ReactNode } {
  const known = label === undefined ? undefined : labels[label.toLowerCase()];
  return { name: known ?? label ?? fallback, value: shown ?? <bdi>{value}</bdi> };
}

function Reach({ value, by }: { readonly value: string; readonly by: 'tel' | 'mailto' }) {
  return (
    <span className={styles.reach}>
      <Outside to={`${by}:${by === 'tel' ? value.replaceAll(/[^+\d*#,;]/g, '') : encodeURIComponent(value)}`}>
        <bdi>{value}</bdi>
      </Outside>
    </span>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <span className={styles.lines} dir="auto">
      {lines.join('\n')}
    </span>
  );
}

/** "1990-04-01", or "--04-01" where the year is not known. */
function birthdayOf(day: string, language: Language): string {
  const noYear = /^--(\d\d)-(\d\d)$/.exec(day);
  if (noYear) {
    return writeDate(new Date(`2000-${noYear[1]}-${noYear[2]}T12:00:00`), language, { day: 'numeric', month: 'long' });
  }
  return /^\d{4}-\d\d-\d\d$/.test(day)
    ? writeDate(new Date(`${day}T12:00:00`), language, { day: 'numeric', month: 'long', year: 'numeric' })
    : day;
}
