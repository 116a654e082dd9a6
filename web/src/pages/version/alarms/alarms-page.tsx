import { ClockAlarms, type ClockAlarm } from '../../../../../src/contract/index.ts';
import { useFormats } from '../../../telling/use-formats.ts';
import { useLanguage } from '../../../words/language.ts';
import { smallListsWords } from '../../../words/small-lists.ts';
import { useWords } from '../../../words/words.ts';
import { SmallItem, SmallListPage } from '../small-list.tsx';
import { tellDays } from './tell-days.ts';

/** Alarms as the day goes, then timers. */
export default function AlarmsPage() {
  const { alarms: words } = useWords(smallListsWords);
  return (
    <SmallListPage kind="alarms" schema={ClockAlarms} none={words.none}>
      {(alarms) => alarms.map((alarm) => <Item key={alarm.id} alarm={alarm} />)}
    </SmallListPage>
  );
}

function Item({ alarm: { kind, label, time, seconds, repeats, isOn, bedtime } }: { readonly alarm: ClockAlarm }) {
  const { alarms: words } = useWords(smallListsWords);
  const format = useFormats();
  const language = useLanguage();
  const length =
    seconds === undefined ? undefined : words.length(Math.floor(seconds / 60), Math.round(seconds % 60), format);
  return (
    <SmallItem
      title={(kind === 'timer' ? length : time) ?? words.noTime}
      facts={[
        kind === 'alarm' ? undefined : words[kind],
        label,
        repeats && tellDays(repeats, words, language, format),
        bedtime === undefined ? undefined : words.bedtime(bedtime),
      ]}
      aside={isOn === undefined ? undefined : isOn ? words.on : words.off}
      isFaint={isOn === false}
    />
  );
}
