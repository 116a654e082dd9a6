import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Shelf, ShelfKind } from '../../../../../src/contract/index.ts';
import { RelativeTime } from '../../../parts/amounts.tsx';
import { ButtonLink } from '../../../parts/button.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Page, Section } from '../../../parts/page.tsx';
import { Loaded } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { shelfWords } from '../../../words/shelf.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { KindIcon } from '../kind-icon.tsx';
import { shelfQuery } from '../version-queries.ts';
import { useVersionTitle } from '../version-title.ts';
import { addressIn, useVersion } from '../version.ts';
import { coverageInGerman } from './coverage-words.ts';
import { sortShelf } from './sort-shelf.ts';
import styles from './shelf-page.module.css';

/** What is in a version, kind by kind, and what is not. */
export default function ShelfPage() {
  const words = useWords(shelfWords);
  const { id, base, summary } = useVersion();
  const title = useVersionTitle(summary);
  const format = useFormats();
  const query = useQuery(shelfQuery(id));
  return (
    <Page
      title={title}
      back={{ to: `/devices/${encodeURIComponent(summary.udid)}`, label: summary.deviceName }}
      lead={
        <>
          {summary.name !== undefined && (
            <>
              <bdi>{summary.name}</bdi>
              {'. '}
            </>
          )}
          {words.lead(summary.productVersion, format.number(summary.files), format.bytes(summary.bytes))}
        </>
      }
      actions={
        <>
          <ButtonLink to={`${base}/differences`} icon="copies">
            {words.compare}
          </ButtonLink>
          <ButtonLink to={`${base}/take-out`} icon="download">
            {words.takeOut}
          </ButtonLink>
        </>
      }
    >
      <Loaded query={query} lines={8}>
        {(shelf) => <Boards shelf={shelf} />}
      </Loaded>
    </Page>
  );
}

function Boards({ shelf }: { readonly shelf: Shelf }) {
  const words = useWords(shelfWords);
  const { here, missing } = sortShelf(shelf);
  return (
    <>
      <ul className={styles.boards} aria-label={words.inIt}>
        {here.map((board) => (
          <li key={board.kind}>
            <Board board={board} />
          </li>
        ))}
      </ul>
      <Missing shelf={shelf} missing={missing} />
    </>
  );
}

function Board({ board }: { readonly board: ShelfKind }) {
  const { kinds } = useWords(versionWords);
  const words = useWords(shelfWords);
  const { base } = useVersion();
  const format = useFormats();
  const { kind, count = 0, newestAt } = board;
  return (
    <Link href={addressIn(base, kind)} className={styles.board}>
      <span className={styles.picture}>
        <KindIcon kind={kind} />
      </span>
      <span className={styles.words}>
        <span className={styles.name}>{kinds[kind]}</span>
        <span className={styles.count}>
          {board.state === 'unreadable' ? words.unreadable : words.counts[kind](count, board.details, format)}
        </span>
        {newestAt !== undefined && (
          <span className={styles.count}>
            {words.newest} <RelativeTime at={newestAt} />
          </span>
        )}
      </span>
      <Icon name="forward" size={18} />
    </Link>
  );
}

function Missing({ shelf, missing }: { readonly shelf: Shelf; readonly missing: readonly ShelfKind[] }) {
  const words = useWords(shelfWords);
  const { kinds } = useWords(versionWords);
  const tell = useCoverageWords();
  const format = useFormats();
  const told = new Set(missing.map(({ kind }) => AREA_OF_KIND[kind]));
  const lacking = shelf.areas.filter(({ presence, title }) => presence !== 'here' && !told.has(title));
  const remarks = new Set(lacking.map(({ remark }) => remark));
  const warnings = shelf.warnings.filter((each) => !remarks.has(each) && !each.startsWith('Not encrypted'));
  const apps = shelf.appsWithoutData;
  const isComplete = missing.length + lacking.length + warnings.length + apps.length === 0 && shelf.encrypted;
  return (
    <Section title={words.missing.title} lead={isComplete ? words.missing.nothing : words.missing.lead}>
      {!shelf.encrypted && <p className={styles.notEncrypted}>{words.missing.notEncrypted}</p>}
      {!isComplete && (
        <ul className={styles.missing}>
          {missing.map(({ kind, state, needsEncryption }) => (
            <MissingItem key={kind} name={kinds[kind]}>
              {needsEncryption === true
                ? words.missing.needsEncryption
                : words.missing[state === 'empty' || state === 'here' ? 'empty' : 'absent']}
            </MissingItem>
          ))}
          {lacking.map(({ title, presence, remark }) => (
            <MissingItem key={title} name={tell(title)}>
              {remark === undefined ? words.presence[presence] : tell(remark)}
            </MissingItem>
          ))}
          {apps.length > 0 && <MissingItem name={words.missing.apps}>{format.list(apps)}</MissingItem>}
          {warnings.map((warning) => (
            <li key={warning}>{tell(warning)}</li>
          ))}
        </ul>
      )}
      {shelf.never.length > 0 && (
        <div className={styles.never}>
          <p>{words.missing.never}</p>
          <ul>
            {shelf.never.map((each) => (
              <li key={each}>{tell(each)}</li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

function MissingItem({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <li>
      <strong>{name}</strong>
      <span>{children}</span>
    </li>
  );
}

/** Kinds that the list of areas names too: each is told once. */
const AREA_OF_KIND: Readonly<Record<string, string>> = {
  messages: 'Messages',
  contacts: 'Contacts',
  calls: 'Call history',
  voicemail: 'Voicemail',
  notes: 'Notes',
  calendar: 'Calendars',
  reminders: 'Reminders',
  'voice-memos': 'Voice memos',
  health: 'Health',
  whatsapp: 'WhatsApp',
  photos: 'Photos and videos',
  wifi: 'Wi-Fi networks',
};

/** The service names areas in English. */
function useCoverageWords(): (text: string) => string {
  const language = useLanguage();
  return (text) => (language === 'de' ? coverageInGerman(text) : text);
}
