import { Link } from 'wouter';
import { Contacts, type ContactSummary } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { peopleWords } from '../../../words/people.ts';
import { useWords } from '../../../words/words.ts';
import { FoundList } from '../found-list.tsx';
import { KindPage } from '../kind-page.tsx';
import { Panes } from '../panes.tsx';
import { addressIn, useVersion } from '../version.ts';
import { ContactCard } from './contact-card.tsx';
import { Portrait } from './portrait.tsx';
import { classes } from '../../../parts/classes.ts';
import link from '../../../parts/list-link.module.css';
import styles from './contacts-page.module.css';

/** People by letter, and the card of the one who was chosen. */
export default function ContactsPage() {
  const { contacts: words } = useWords(peopleWords);
  const { base, rest } = useVersion();
  const chosen = rest[0];
  return (
    <KindPage
      title={words.title}
      isInside={chosen !== undefined}
      back={chosen === undefined ? undefined : { to: `${base}/contacts`, label: words.title }}
    >
      <Panes
        listLabel={words.list}
        list={<People chosen={chosen} />}
        isChosen={chosen !== undefined}
        detailLabel={words.card}
        detail={
          chosen === undefined ? <EmptyState title={words.choose} /> : <ContactCard key={chosen} contact={chosen} />
        }
      />
    </KindPage>
  );
}

function People({ chosen }: { readonly chosen: string | undefined }) {
  const { contacts: words } = useWords(peopleWords);
  return (
    <FoundList
      path={['contacts']}
      schema={Contacts}
      find={words.find}
      none={words.none}
      notFound={words.notFound}
      className={styles.find}
    >
      {(people) =>
        [...Map.groupBy(people, ({ letter }) => letter)].map(([letter, under]) => (
          <section key={letter} className={styles.letter} aria-label={letter}>
            <h2>{letter}</h2>
            <ul>
              {under.map((person) => (
                <Person key={person.id} person={person} isChosen={person.id === chosen} />
              ))}
            </ul>
          </section>
        ))
      }
    </FoundList>
  );
}

function Person({ person, isChosen }: { readonly person: ContactSummary; readonly isChosen: boolean }) {
  const { contacts: words } = useWords(peopleWords);
  const { base } = useVersion();
  const { id, name, organization, phone, isMe } = person;
  const second = isMe === true ? words.me : organization === name ? phone : (organization ?? phone);
  return (
    <li>
      <Link
        href={addressIn(base, 'contacts', id)}
        className={classes(link.link, styles.person)}
        aria-current={isChosen ? 'page' : undefined}
      >
        <Portrait contact={person} />
        <span className={styles.words}>
          <span className={styles.name} dir="auto">
            {name === '' ? words.noName : name}
          </span>
          {second !== undefined && (
            <span className={styles.second} dir="auto">
              {second}
            </span>
          )}
        </span>
      </Link>
    </li>
  );
}
