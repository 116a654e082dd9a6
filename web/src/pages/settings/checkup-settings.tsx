import type { CheckupSettings, Settings } from '../../../../src/contract/index.ts';
import { NumberField, SwitchField } from '../../parts/field.tsx';
import { Section } from '../../parts/page.tsx';
import { settingsWords } from '../../words/settings.ts';
import { useWords } from '../../words/words.ts';
import { SettingsForm } from './settings-form.tsx';
import { useSettingsPart } from './use-settings-part.ts';

const GIGABYTE = 1e9;

/** When everything is proven to be whole. */
export function CheckupSettingsPart({ settings }: { readonly settings: Settings }) {
  const { checkup: words, tabs } = useWords(settingsWords);
  const part = useSettingsPart(settings);
  const { checkup } = part.draft;
  const change = (changed: Partial<CheckupSettings>): void =>
    part.change((draft) => ({ ...draft, checkup: { ...draft.checkup, ...changed } }));
  return (
    <Section title={tabs.checkup} lead={words.lead}>
      <SettingsForm part={part}>
        <SwitchField
          label={words.automatic}
          checked={checkup.automatic}
          onChange={(event) => change({ automatic: event.target.checked })}
        />
        <NumberField
          label={words.dayOfMonth}
          help={words.dayHelp}
          unit={words.ofMonth}
          value={checkup.dayOfMonth}
          error={part.errors['checkup.dayOfMonth']}
          onChange={(dayOfMonth) => change({ dayOfMonth })}
        />
        <NumberField
          label={words.slices}
          help={words.slicesHelp}
          unit="GB"
          value={checkup.slicesFromBytes / GIGABYTE}
          error={part.errors['checkup.slicesFromBytes']}
          onChange={(gigabytes) => change({ slicesFromBytes: gigabytes * GIGABYTE })}
        />
        <SwitchField
          label={words.repair}
          checked={checkup.repair}
          onChange={(event) => change({ repair: event.target.checked })}
        />
      </SettingsForm>
    </Section>
  );
}
