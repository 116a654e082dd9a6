import type { KeptPlace } from '../../../../src/contract/index.ts';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { standingWords } from '../../words/standing.ts';
import { useWords } from '../../words/words.ts';
import styles from './standing.module.css';

/** Where the versions of a device lie, one place a line: on what, here or elsewhere, how old, when proven. */
export function KeptPlaces({ places }: { readonly places: readonly KeptPlace[] }) {
  return (
    <ul className={styles.places}>
      {places.map((place) => (
        <Place key={`${place.kind} ${place.name ?? ''}`} place={place} />
      ))}
    </ul>
  );
}

function Place({ place }: { readonly place: KeptPlace }) {
  const words = useWords(standingWords);
  const format = useFormats();
  const say = useSay();
  const { kind, name, medium, offSite, at, versions, provenAt, verdict, reasons } = place;
  const isOurs = kind === 'vault' || kind === 'copy';
  return (
    <li className={styles.place}>
      <VerdictMark verdict={verdict} wordUnseen />
      <div>
        <h3 className={styles.name}>
          {name === undefined ? words.kindsOfPlace[kind] : `${words.kindsOfPlace[kind]}: ${name}`}
        </h3>
        <p className={styles.where}>
          {medium.name === undefined ? words.media[medium.kind] : `${medium.name}, ${words.media[medium.kind]}`}
          {isOurs && `, ${offSite ? words.offSite : words.onSite}`}
        </p>
        {isOurs && (
          <p>
            {at !== undefined && words.asOf(format.moment(at))}{' '}
            {versions !== undefined && words.versions(versions, format)}{' '}
            {provenAt === undefined ? words.neverProven : words.provenOn(format.day(provenAt))}
          </p>
        )}
        {reasons.length > 0 && <p>{say(...reasons)}</p>}
      </div>
    </li>
  );
}
