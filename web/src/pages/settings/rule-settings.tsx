import type { Settings } from '../../../../src/contract/index.ts';
import { Section } from '../../parts/page.tsx';
import { settingsWords } from '../../words/settings.ts';
import { useWords } from '../../words/words.ts';
import { RuleFields } from './rule-fields.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useSettingsPart } from './use-settings-part.ts';

/** The rule that holds for all devices. */
export function RuleSettings({ settings }: { readonly settings: Settings }) {
  const words = useWords(settingsWords);
  const part = useSettingsPart(settings);
  return (
    <Section title={words.tabs.rule} lead={words.ruleLead}>
      <SettingsForm part={part}>
        <RuleFields
          rule={part.draft.rule}
          errors={part.errors}
          prefix="rule."
          asksPasscode="differs"
          onChange={(change) => part.change((draft) => ({ ...draft, rule: { ...draft.rule, ...change } }))}
        />
      </SettingsForm>
    </Section>
  );
}
