import type { RetentionRule, Settings } from '../../../../src/contract/index.ts';
import { NumberField, SelectField, SwitchField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import { Section } from '../../parts/page.tsx';
import { settingsWords } from '../../words/settings.ts';
import { useWords } from '../../words/words.ts';
import { SettingsForm } from './settings-form.tsx';
import { useSettingsPart } from './use-settings-part.ts';

const MONTHS_TO_BEGIN_WITH = 24;

/** How long versions are kept, and how many devices are backed up at once. */
export function KeepingSettings({ settings }: { readonly settings: Settings }) {
  const { keeping: words, tabs } = useWords(settingsWords);
  const part = useSettingsPart(settings);
  const { retention, slots } = part.draft;
  const change = (changed: Partial<RetentionRule>): void =>
    part.change((draft) => ({ ...draft, retention: { ...draft.retention, ...changed } }));
  const months = retention.monthlyMonths;
  return (
    <Section title={tabs.keeping} lead={words.lead}>
      <SettingsForm part={part}>
        <SwitchField
          label={words.automatic}
          checked={retention.automatic}
          onChange={(event) => change({ automatic: event.target.checked })}
        />
        <NumberField
          label={words.allHours}
          unit={words.hours}
          value={retention.allHours}
          error={part.errors['retention.allHours']}
          onChange={(allHours) => change({ allHours })}
        />
        <NumberField
          label={words.dailyDays}
          unit={words.days}
          value={retention.dailyDays}
          error={part.errors['retention.dailyDays']}
          onChange={(dailyDays) => change({ dailyDays })}
        />
        <NumberField
          label={words.weeklyWeeks}
          unit={words.weeks}
          value={retention.weeklyWeeks}
          error={part.errors['retention.weeklyWeeks']}
          onChange={(weeklyWeeks) => change({ weeklyWeeks })}
        />
        <SelectField
          label={words.monthly}
          value={months === 'forever' ? 'forever' : 'months'}
          choices={[
            { value: 'forever', label: words.forever },
            { value: 'months', label: words.forMonths },
          ]}
          onChange={(event) =>
            change({ monthlyMonths: event.target.value === 'forever' ? 'forever' : MONTHS_TO_BEGIN_WITH })
          }
        />
        {months !== 'forever' && (
          <NumberField
            label={words.forMonths}
            unit={words.months}
            value={months}
            error={part.errors['retention.monthlyMonths']}
            onChange={(monthlyMonths) => change({ monthlyMonths })}
          />
        )}
        <FieldGroup title={words.atOnce}>
          <NumberField
            label={words.slots}
            help={words.slotsHelp}
            unit={words.devices}
            value={slots}
            error={part.errors['slots']}
            onChange={(changed) => part.change((draft) => ({ ...draft, slots: changed }))}
          />
        </FieldGroup>
      </SettingsForm>
    </Section>
  );
}
