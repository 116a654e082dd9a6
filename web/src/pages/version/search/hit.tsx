import type { ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import type { ContentKindName, SearchHit } from '../../../../../src/contract/index.ts';
import { ProblemNote } from '../../../parts/states.tsx';
import { dayOf } from '../../../telling/time.ts';
import { useLanguage } from '../../../words/language.ts';
import { searchWords } from '../../../words/search.ts';
import { versionWords } from '../../../words/version.ts';
import { useWords } from '../../../words/words.ts';
import { KindIcon } from '../kind-icon.tsx';
import { useVersion } from '../version.ts';
import { useNameOfKind } from './name-of-kind.ts';
import { placeOfHit } from './place-of-hit.ts';
import { whereHitLeads, type AskedKind } from './where-hit-leads.ts';
import { When } from '../when.tsx';
import styles from './search-page.module.css';

/** One thing that was found, with the words around it, and the way to it. */
export function Hit({ hit }: { readonly hit: SearchHit }) {
  const nameOf = useNameOfKind();
  const { kinds } = useWords(versionWords);
  const { titleOf } = useWords(searchWords);
  const { kind, at, title, excerpt } = hit;
  return (
    <li className={styles.hit}>
      <span className={styles.picture}>{kind in kinds && <KindIcon kind={kind as ContentKindName} size={22} />}</span>
      <div className={styles.words}>
        <HitLink hit={hit}>
          <bdi>{title === '' ? nameOf(kind) : titleOf(title)}</bdi>
        </HitLink>
        <p className={styles.excerpt} dir="auto">
          {excerpt.map((piece, index) => (index % 2 === 1 ? <mark key={index}>{piece}</mark> : piece))}
        </p>
        <p className={styles.facts}>
          <span>{nameOf(kind)}</span>
          {at !== undefined && <When at={at} />}
          <Versions hit={hit} />
        </p>
      </div>
    </li>
  );
}

function Versions({ hit: { firstSeen, lastSeen, goneSince } }: { readonly hit: SearchHit }) {
  const words = useWords(searchWords);
  const language = useLanguage();
  if (firstSeen === undefined || lastSeen === undefined) return null;
  const [first, last] = [dayOf(firstSeen.takenAt, language), dayOf(lastSeen.takenAt, language)];
  return (
    <>
      <span>{first === last ? words.inVersion(first) : words.inVersions(first, last)}</span>
      {goneSince && (
        <strong className={styles.gone}>
          {words.goneSince} {dayOf(goneSince.takenAt, language)}
        </strong>
      )}
    </>
  );
}

function HitLink({ hit, children }: { readonly hit: SearchHit; readonly children: ReactNode }) {
  const version = useVersion();
  const [, navigate] = useLocation();
  // What is gone from this version is shown in the last that had it.
  const id = hit.lastSeen?.snapshot ?? version.id;
  const base = `/versions/${encodeURIComponent(id)}`;
  const leads = whereHitLeads(base, hit);
  const going = useMutation({
    mutationFn: (kind: AskedKind) => placeOfHit(id, base, kind, hit),
    onSuccess: (address) => navigate(address),
    // One that is locked asks for its password at its own door.
    onError: () => id !== version.id && navigate(base),
  });
  if (leads === undefined) return <span className={styles.name}>{children}</span>;
  if ('address' in leads) {
    return (
      <Link href={leads.address} className={styles.name}>
        {children}
      </Link>
    );
  }
  return (
    <>
      <button type="button" className={styles.name} aria-busy={going.isPending} onClick={() => going.mutate(leads.ask)}>
        {children}
      </button>
      <ProblemNote error={going.error} />
    </>
  );
}
