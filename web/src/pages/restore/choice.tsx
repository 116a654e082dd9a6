import type { DeviceOverview, SnapshotSummary } from '../../../../src/contract/index.ts';
import { PasswordField, SelectField, SwitchField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import { exactTime } from '../../telling/time.ts';
import { restorePartsWords } from '../../words/restore-parts.ts';
import { useLanguage } from '../../words/language.ts';
import { restoreWords } from '../../words/restore.ts';
import { useWords } from '../../words/words.ts';
import { PartsChoice } from './parts-choice.tsx';

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
  /** Only these parts come back; everything where it is undefined. */
  readonly only: readonly string[] | undefined;
  readonly devicePassword: string;
  readonly allowDecryption: boolean;
}

interface ChoiceProps {
  readonly choices: Choices;
  readonly onChange: (change: Partial<Choices>) => void;
  readonly sources: readonly DeviceOverview[];
  /** Those that are here. */
  readonly targets: readonly DeviceOverview[];
  /** The one that was chosen, here or not. */
  readonly target: DeviceOverview | undefined;
  readonly versions: readonly SnapshotSummary[];
  readonly version: SnapshotSummary | undefined;
}

/** Which version comes back onto which device, and what happens to what is there. */
export function Choice({ choices, onChange, sources, targets, target, versions, version }: ChoiceProps) {
  const words = useWords(restoreWords);
  const partsWords = useWords(restorePartsWords);
  const language = useLanguage();
  const away = target === undefined || targets.includes(target) ? [] : [target];
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
      {target === undefined ? (
        <p role="status">{words.noTarget}</p>
      ) : (
        <SelectField
          label={words.target}
          value={target.udid}
          choices={[
            ...targets.map(({ udid, name }) => ({ value: udid, label: name })),
            ...away.map(({ udid, name }) => ({ value: udid, label: words.notConnected(name) })),
          ]}
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
      <SelectField
        label={partsWords.extent}
        value={choices.only === undefined ? 'everything' : 'parts'}
        choices={(['everything', 'parts'] as const).map((value) => ({ value, label: partsWords[value] }))}
        onChange={(event) => onChange({ only: event.target.value === 'parts' ? [] : undefined })}
      />
      {choices.only === undefined ? (
        <WholeOptions choices={choices} onChange={onChange} />
      ) : (
        version && (
          <>
            <PartsChoice version={version.id} only={choices.only} onChange={(only) => onChange({ only })} />
            <PartsOptions choices={choices} onChange={onChange} version={version} target={target} />
          </>
        )
      )}
    </>
  );
}

interface OptionsProps extends Pick<ChoiceProps, 'choices' | 'onChange'> {}

function WholeOptions({ choices, onChange }: OptionsProps) {
  const words = useWords(restoreWords);
  return (
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
  );
}

interface PartsOptionsProps extends OptionsProps {
  readonly version: SnapshotSummary;
  readonly target: DeviceOverview | undefined;
}

/** What has to be known of the device's own backups, into which the parts go. */
function PartsOptions({ choices, onChange, version, target }: PartsOptionsProps) {
  const words = useWords(restorePartsWords);
  return (
    <>
      {target?.encrypted === true && (
        <PasswordField
          label={words.devicePassword}
          help={words.devicePasswordHelp}
          autoComplete="off"
          value={choices.devicePassword}
          onChange={(event) => onChange({ devicePassword: event.target.value })}
        />
      )}
      {version.encrypted && target?.encrypted === false && (
        <SwitchField
          label={words.allowDecryption}
          help={words.allowDecryptionHelp}
          checked={choices.allowDecryption}
          onChange={(event) => onChange({ allowDecryption: event.target.checked })}
        />
      )}
    </>
  );
}
