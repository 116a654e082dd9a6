import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { Alarm } from '../../../../src/contract/index.ts';
import { ask, pathOf } from '../../api/api.ts';
import { alarmsQuery, overviewQuery } from '../../api/queries.ts';
import { RelativeTime } from '../../parts/amounts.tsx';
import { Menu } from '../../parts/menu.tsx';
import { notify } from '../../parts/notices.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { VerdictMark } from '../../parts/verdict-mark.tsx';
import { useFormats, useSay } from '../../telling/use-formats.ts';
import { dayOf } from '../../telling/time.ts';
import { useNow } from '../../telling/use-now.ts';
import { alarmWords } from '../../words/alarms.ts';
import { useLanguage } from '../../words/language.ts';
import { useWords } from '../../words/words.ts';
import styles from './alarms-page.module.css';

const DAY_MS = 86_400_000;

/** One alarm: what is so, what to do, since when, and whether it is told. */
export function AlarmItem({ alarm }: { readonly alarm: Alarm }) {
  const words = useWords(alarmWords);
  const say = useSay();
  const format = useFormats();
  const language = useLanguage();
  const now = useNow();
  const { data: overview } = useQuery(overviewQuery);
  const device = overview?.devices.find(({ udid }) => udid === alarm.udid);
  const muted = alarm.mutedUntil !== undefined && new Date(alarm.mutedUntil) > now;
  return (
    <li className={styles.alarm}>
      <div className={styles.mark}>
        <VerdictMark verdict={alarm.level} wordUnseen size={24} />
      </div>
      <div className={styles.text}>
        <h2>{say(alarm.reason)}</h2>
        <p>
          <span className="unseen">{words.next}: </span>
          {say(alarm.nextStep)}
        </p>
        <p className={styles.soft}>
          {words.since(dayOf(alarm.since, language))} (<RelativeTime at={alarm.since} />
          ),{' '}
          {muted && alarm.mutedUntil !== undefined
            ? words.muted(dayOf(alarm.mutedUntil, language))
            : alarm.toldAt === undefined
              ? words.notTold
              : words.told(format.ago(alarm.toldAt))}
        </p>
        {device && (
          <p>
            <Link href={`/devices/${encodeURIComponent(device.udid)}`}>{words.toDevice(device.name)}</Link>
          </p>
        )}
      </div>
      <MuteMenu alarm={alarm} muted={muted} />
    </li>
  );
}

function MuteMenu({ alarm, muted }: { readonly alarm: Alarm; readonly muted: boolean }) {
  const words = useWords(alarmWords);
  const client = useQueryClient();
  const mute = useMutation({
    /** @param days nothing to be told again. */
    mutationFn: (days: number | undefined) =>
      ask(pathOf('alarms', alarm.id), Alarm, {
        method: 'PATCH',
        body: { mutedUntil: days === undefined ? null : new Date(Date.now() + days * DAY_MS).toISOString() },
      }),
    onSuccess: (_, days) => {
      notify(days === undefined ? words.unmutedNow : words.mutedNow);
      return client.invalidateQueries(alarmsQuery);
    },
  });
  const items = muted
    ? [{ label: words.unmute, onSelect: () => mute.mutate(undefined) }]
    : [
        { label: `${words.mute}: ${words.muteFor.day}`, onSelect: () => mute.mutate(1) },
        { label: `${words.mute}: ${words.muteFor.week}`, onSelect: () => mute.mutate(7) },
        { label: `${words.mute}: ${words.muteFor.month}`, onSelect: () => mute.mutate(30) },
      ];
  return (
    <div>
      <Menu items={items} />
      <ProblemNote error={mute.error} />
    </div>
  );
}
