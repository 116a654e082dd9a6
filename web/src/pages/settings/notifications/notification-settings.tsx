import type { NotifySettings, PingSettings, Settings } from '../../../../../src/contract/index.ts';
import { NumberField, SelectField, SwitchField, TextField } from '../../../parts/field.tsx';
import { FieldGroup } from '../../../parts/form.tsx';
import { Section } from '../../../parts/page.tsx';
import { notificationWords } from '../../../words/notifications.ts';
import { useWords } from '../../../words/words.ts';
import styles from '../rule-fields.module.css';
import { SettingsForm } from '../settings-form.tsx';
import { useSettingsPart } from '../use-settings-part.ts';
import { Channels } from './channels.tsx';

const USUAL_QUIET = { from: '22:00', to: '07:00' };
const USUAL_PING: PingSettings = { everyMinutes: 60, onFailure: 'fail-path' };

/** Whom to tell, over which ways, and when. */
export default function NotificationSettings({ settings }: { readonly settings: Settings }) {
  const words = useWords(notificationWords);
  const part = useSettingsPart(settings);
  const { notify } = part.draft;
  const change = (changed: Partial<NotifySettings>): void =>
    part.change((draft) => ({ ...draft, notify: { ...draft.notify, ...changed } }));
  const errorOf = (name: string): string | undefined => part.errors[`notify.${name}`];
  return (
    <>
      <Channels channels={settings.notify.channels} lead={words.lead} />
      <Section title={words.habits}>
        <SettingsForm part={part}>
          <NumberField
            label={words.remind}
            unit={words.days}
            value={notify.remindEveryDays}
            error={errorOf('remindEveryDays')}
            onChange={(remindEveryDays) => change({ remindEveryDays })}
          />
          <SwitchField
            label={words.quiet}
            checked={notify.quiet !== undefined}
            onChange={(event) => change({ quiet: event.target.checked ? USUAL_QUIET : undefined })}
          />
          <QuietHours quiet={notify.quiet} onChange={(quiet) => change({ quiet })} />
          <AllIsWell value={notify.allIsWell} onChange={(allIsWell) => change({ allIsWell })} />
          <SignOfLife ping={notify.ping} errorOf={errorOf} onChange={(ping) => change({ ping })} />
        </SettingsForm>
      </Section>
    </>
  );
}

type Quiet = NonNullable<NotifySettings['quiet']>;

function QuietHours({
  quiet,
  onChange,
}: {
  readonly quiet: Quiet | undefined;
  readonly onChange: (quiet: Quiet) => void;
}) {
  const words = useWords(notificationWords);
  if (quiet === undefined) return null;
  return (
    <div className={styles.window}>
      <TextField
        label={words.fromTime}
        type="time"
        value={quiet.from}
        onChange={(event) => onChange({ ...quiet, from: event.target.value })}
      />
      <TextField
        label={words.toTime}
        type="time"
        value={quiet.to}
        onChange={(event) => onChange({ ...quiet, to: event.target.value })}
      />
    </div>
  );
}

interface AllIsWellProps {
  readonly value: NotifySettings['allIsWell'];
  readonly onChange: (value: NotifySettings['allIsWell']) => void;
}

function AllIsWell({ value, onChange }: AllIsWellProps) {
  const words = useWords(notificationWords);
  return (
    <>
      <SwitchField
        label={words.allIsWell}
        checked={value.enabled}
        onChange={(event) => onChange({ ...value, enabled: event.target.checked })}
      />
      {value.enabled && (
        <div className={styles.window}>
          <SelectField
            label={words.weekday}
            value={value.weekday}
            choices={words.weekdays.map((label, index) => ({ value: String(index + 1), label }))}
            onChange={(event) => onChange({ ...value, weekday: Number(event.target.value) })}
          />
          <TextField
            label={words.at}
            type="time"
            value={value.at}
            onChange={(event) => onChange({ ...value, at: event.target.value })}
          />
        </div>
      )}
    </>
  );
}

interface SignOfLifeProps {
  readonly ping: PingSettings | undefined;
  readonly errorOf: (name: string) => string | undefined;
  readonly onChange: (ping: PingSettings | undefined) => void;
}

function SignOfLife({ ping, errorOf, onChange }: SignOfLifeProps) {
  const words = useWords(notificationWords);
  return (
    <FieldGroup title={words.ping}>
      <p className={styles.help}>{words.pingHelp}</p>
      <SwitchField
        label={words.pingUse}
        checked={ping !== undefined}
        onChange={(event) => onChange(event.target.checked ? USUAL_PING : undefined)}
      />
      {ping && (
        <>
          <TextField
            label={words.pingUrl}
            type="url"
            value={ping.url ?? ''}
            error={errorOf('ping.url')}
            onChange={({ target: { value } }) => onChange({ ...ping, url: value === '' ? undefined : value })}
          />
          <NumberField
            label={words.every}
            unit={words.minutes}
            value={ping.everyMinutes}
            error={errorOf('ping.everyMinutes')}
            onChange={(everyMinutes) => onChange({ ...ping, everyMinutes })}
          />
        </>
      )}
    </FieldGroup>
  );
}
