import { useQuery } from '@tanstack/react-query';
import { DeviceStatus, type KeptPlace } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { Section } from '../../parts/page.tsx';
import { Loaded } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { deviceWords } from '../../words/device.ts';
import { useWords } from '../../words/words.ts';
import styles from './places.module.css';

/** Three copies, two media, one elsewhere: where the backups of a device lie, and how sure that is. */
export function Places({ udid }: { readonly udid: string }) {
  const words = useWords(deviceWords);
  const format = useFormats();
  const say = useSay();
  const query = useQuery({
    queryKey: ['device', udid, 'status'],
    queryFn: ({ signal }) => ask(pathOf('devices', udid, 'status'), DeviceStatus, { signal }),
  });
  return (
    <Loaded query={query} lines={5}>
      {(status) => (
        <>
          <Section title={words.placesTitle} lead={words.counts(status, format)}>
            <ul className={styles.places}>
              {status.places.map((place) => (
                <Place key={`${place.kind} ${place.name ?? ''}`} place={place} />
              ))}
            </ul>
          </Section>
          {status.steps.length > 0 && (
            <Section title={words.doThis}>
              <ul className={styles.steps}>
                {status.steps.map((step) => (
                  <li key={step.code}>{say(step)}</li>
                ))}
              </ul>
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}

function Place({ place }: { readonly place: KeptPlace }) {
  const words = useWords(deviceWords);
  const format = useFormats();
  const say = useSay();
  const { kind, name, medium, offSite, at, versions, provenAt, verdict, reasons } = place;
  return (
    <li className={styles.place}>
      <VerdictMark verdict={verdict} wordUnseen />
      <div>
        <h3 className={styles.name}>
          {name === undefined ? words.kindsOfPlace[kind] : `${words.kindsOfPlace[kind]}: ${name}`}
        </h3>
        <p className={styles.where}>
          {medium.name === undefined ? words.media[medium.kind] : `${medium.name}, ${words.media[medium.kind]}`}
          {kind !== 'phone' && `, ${offSite ? words.offSite : words.onSite}`}
        </p>
        <p>
          {at !== undefined && words.asOf(format.moment(at))}{' '}
          {versions !== undefined && words.versions(versions, format)}{' '}
          {(kind === 'vault' || kind === 'copy') &&
            (provenAt === undefined ? words.neverProven : words.provenOn(format.day(provenAt)))}
        </p>
        {reasons.length > 0 && <p>{say(...reasons)}</p>}
      </div>
    </li>
  );
}
