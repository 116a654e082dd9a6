import type { DeviceOverview, SnapshotSummary } from '../../../../src/contract/index.ts';
import { PasswordField, SelectField, SwitchField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import { exactTime } from '../../telling/time.ts';
import { useLanguage } from '../../words/language.ts';
import { restoreWords } from '../../words/restore.ts';
import { useWords } from '../../words/words.ts';

export interface Choices {
  /** UDID of the device whose version it is. */
  readonly source: string;
  /** The newest where it is undefined. */
  readonly snapshot: string | undefined;
  readonly target: string;
  readonly password: string;
  readonly safetyBackup: boolean;
  readonly preserveSettings: boolean;
  readonly removeOthers: boolean;
  readonly apps: boolean;
}

interface ChoiceProps {
  readonly choices: Choices;
  readonly onChange: (change: Partial<Choices>) => void;
  readonly sources: readonly DeviceOverview[];
  readonly targets: readonly DeviceOverview[];
  readonly versions: readonly SnapshotSummary[];
  readonly version: SnapshotSummary | undefined;
}

/** Which version comes back onto which device, and what happens to what is there. */
export function Choice({ choices, onChange, sources, targets, versions, version }: ChoiceProps) {
  const words = useWords(restoreWords);
  const language = useLanguage();
  return (
    <>
      <SelectField
        label={words.of}
        value={choices.source}
        choices={sources.map(({ udid, name }) => ({ value: udid, label: name }))}
        onChange={(event) => onChange({ source: event.target.value, snapshot: undefined })}
      />
      <SelectField
        label={words.version}
        value={version?.id ?? ''}
        choices={versions.map(({ id, takenAt, name }) => ({
          value: id,
          label: [exactTime(new Date(takenAt), language), name].filter(Boolean).join(' · '),
        }))}
        onChange={(event) => onChange({ snapshot: event.target.value })}
      />
      {targets.length === 0 ? (
        <p role="status">{words.noTarget}</p>
      ) : (
        <SelectField
          label={words.target}
          value={choices.target}
          choices={targets.map(({ udid, name }) => ({ value: udid, label: name }))}
          onChange={(event) => onChange({ target: event.target.value })}
        />
      )}
      {version?.encrypted && (
        <PasswordField
          label={words.password}
          help={words.passwordHelp}
          autoComplete="off"
          value={choices.password}
          onChange={(event) => onChange({ password: event.target.value })}
        />
      )}
      <FieldGroup title={words.options}>
        <SwitchField
          label={words.safetyBackup}
          help={words.safetyBackupHelp}
          checked={choices.safetyBackup}
          onChange={(event) => onChange({ safetyBackup: event.target.checked })}
        />
        {(['removeOthers', 'preserveSettings', 'apps'] as const).map((option) => (
          <SwitchField
            key={option}
            label={words[option]}
            checked={choices[option]}
            onChange={(event) => onChange({ [option]: event.target.checked })}
          />
        ))}
      </FieldGroup>
    </>
  );
}
