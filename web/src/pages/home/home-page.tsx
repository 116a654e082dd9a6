import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Overview, Status, Verdict } from '../../../../src/contract/index.ts';
import { overviewQuery, statusQuery } from '../../api/queries.ts';
import { ButtonLink } from '../../parts/button.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { EmptyState, Loaded } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useRole } from '../../shell/session.ts';
import { writeDate } from '../../telling/time.ts';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { homeWords } from '../../words/home.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import { DeviceRow } from './device-row.tsx';
import styles from './home-page.module.css';
import { withPlaces, worseOf } from './with-places.ts';

/** Answers whether everything is safe: first in one sentence, then for each device. */
export default function HomePage() {
  const words = useWords(homeWords);
  const administrator = useRole('administrator');
  const query = useQuery(overviewQuery);
  const overview = query.data;
  const status = useQuery(statusQuery);
  const title =
    overview === undefined ? 'unknown' : overview.devices.length === 0 ? 'empty' : verdictOf(overview, status);
  return (
    <Page
      title={words.titles[title]}
      actions={
        administrator &&
        title !== 'empty' && (
          <ButtonLink to="/first-phone" icon="add">
            {words.addDevice}
          </ButtonLink>
        )
      }
    >
      <Loaded query={query} lines={6} isEmpty={({ devices }) => devices.length === 0} empty={<NoDevice />}>
        {(shown) => (
          <>
            <ul className={styles.devices} aria-label={words.devices}>
              {shown.devices.map((device) => (
                <DeviceRow
                  key={device.udid}
                  device={device}
                  shown={withPlaces(
                    device,
                    status.data?.devices.find(({ udid }) => udid === device.udid),
                  )}
                />
              ))}
            </ul>
            {shown.alarms.length > 0 && <Alarms alarms={shown.alarms} />}
            <Aside overview={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Nothing is called safe before it is known where it lies, unless that cannot be found out. */
function verdictOf({ verdict }: Overview, status: Pick<UseQueryResult<Status>, 'data' | 'isError'>): Verdict {
  if (status.data !== undefined) return worseOf(verdict, status.data.verdict);
  return status.isError ? verdict : worseOf(verdict, 'unknown');
}

function NoDevice() {
  const words = useWords(homeWords);
  const mayPair = useRole('administrator');
  return (
    <EmptyState
      icon="phone"
      title={mayPair ? words.emptyTitle : words.emptyOwnerTitle}
      action={
        mayPair && (
          <ButtonLink to="/first-phone" kind="primary" icon="cable">
            {words.firstPhone}
          </ButtonLink>
        )
      }
    >
      {mayPair ? words.emptyText : words.emptyOwnerText}
    </EmptyState>
  );
}

function Alarms({ alarms }: { readonly alarms: Overview['alarms'] }) {
  const words = useWords(homeWords);
  const say = useSay();
  return (
    <Section title={words.alarms} actions={<ButtonLink to="/alarms">{words.allAlarms}</ButtonLink>}>
      <ul className={styles.alarms}>
        {alarms.map((alarm) => (
          <li key={alarm.id}>{say(alarm.reason)}</li>
        ))}
      </ul>
    </Section>
  );
}

/** The line about the disk and the proof, with a forecast. */
function Aside({ overview: { storage, lastCheckup } }: { readonly overview: Overview }) {
  const words = useWords(homeWords);
  const language = useLanguage();
  const format = useFormats();
  const administrator = useRole('administrator');
  const free = storage?.freeBytes;
  return (
    <Section
      title={words.aside}
      actions={
        <>
          <ButtonLink to="/copies" icon="copies">
            {words.toCopies}
          </ButtonLink>
          {administrator && (
            <ButtonLink to="/checkups" icon="shield">
              {words.toCheckups}
            </ButtonLink>
          )}
        </>
      }
    >
      <p className={styles.aside}>
        {storage && (
          <span>
            {words.storage(format.bytes(storage.usedBytes), free === undefined ? undefined : format.bytes(free))}{' '}
          </span>
        )}
        {storage?.fullOn && (
          <span>
            {words.fullOn(writeDate(new Date(storage.fullOn), language, { month: 'long', year: 'numeric' }))}{' '}
          </span>
        )}
        {lastCheckup ? (
          <span>
            {words.checkup(format.day(lastCheckup.at))} <VerdictMark verdict={lastCheckup.verdict} size={16} />
          </span>
        ) : (
          <span>{words.noCheckup}</span>
        )}
      </p>
      <p>
        <Link href="/lost-phone">{words.lost.link}</Link>
      </p>
    </Section>
  );
}
