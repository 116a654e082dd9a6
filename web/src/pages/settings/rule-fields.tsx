import type { BackupRule } from '../../../../src/contract/index.ts';
import type { FieldErrors } from '../../forms/check.ts';
import { NumberField, SelectField, SwitchField, TextField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import { useFormats, useRuleSentence } from '../../telling/use-formats.ts';
import { ruleWords } from '../../words/rule.ts';
import { useWords } from '../../words/words.ts';
import styles from './rule-fields.module.css';

const USUAL_HOURS = [6, 12, 24, 48, 72, 168];
/** When most people sleep. */
const USUAL_WINDOW = { from: '22:00', to: '06:00' };

interface RuleFieldsProps {
  readonly rule: BackupRule;
  readonly onChange: (change: Partial<BackupRule>) => void;
  readonly errors: FieldErrors;
  /** Whether the device asks for its passcode, where that is known; a rule for several devices has both kinds. */
  readonly asksPasscode?: boolean | 'differs' | undefined;
  /** In front of the names in `errors`: "rule." */
  readonly prefix?: string;
}

/** What the rule means, as it stands in the form. */
function Meaning({ rule, asksPasscode }: Pick<RuleFieldsProps, 'rule' | 'asksPasscode'>) {
  const words = useWords(ruleWords);
  const explain = useRuleSentence();
  if (asksPasscode !== 'differs' || !rule.automatic) {
    return (
      <p className={styles.sentence} role="status">
        {explain(rule, asksPasscode !== false)}
      </p>
    );
  }
  return (
    <div className={styles.sentence} role="status">
      <dl>
        <dt>{words.asking}</dt>
        <dd>{explain(rule, true)}</dd>
        <dt>{words.notAsking}</dt>
        <dd>{explain(rule, false)}</dd>
      </dl>
    </div>
  );
}

/** A rule to be changed, with what it means in a sentence on top. */
export function RuleFields({ rule, onChange, errors, asksPasscode, prefix = '' }: RuleFieldsProps) {
  const words = useWords(ruleWords);
  const format = useFormats();
  const hours = USUAL_HOURS.includes(rule.everyHours)
    ? USUAL_HOURS
    : [...USUAL_HOURS, rule.everyHours].toSorted((a, b) => a - b);
  const errorOf = (name: string): string | undefined => errors[prefix + name];
  return (
    <>
      <Meaning rule={rule} asksPasscode={asksPasscode} />
      <SwitchField
        label={words.automatic}
        checked={rule.automatic}
        onChange={(event) => onChange({ automatic: event.target.checked })}
      />
      <SelectField
        label={words.every}
        help={words.everyHelp}
        value={rule.everyHours}
        disabled={!rule.automatic}
        choices={hours.map((each) => ({ value: String(each), label: words.hours(each, format) }))}
        onChange={(event) => onChange({ everyHours: Number(event.target.value) })}
      />
      <FieldGroup title={words.conditions}>
        <p className={styles.help}>{words.conditionsHelp}</p>
        <SwitchField
          label={words.onPower}
          checked={rule.onPower}
          onChange={(event) => onChange({ onPower: event.target.checked })}
        />
        {!rule.onPower && (
          <NumberField
            label={words.minBattery}
            unit="%"
            value={rule.minBatteryPercent}
            error={errorOf('minBatteryPercent')}
            onChange={(minBatteryPercent) => onChange({ minBatteryPercent })}
          />
        )}
        <SwitchField
          label={words.locked}
          checked={rule.locked}
          onChange={(event) => onChange({ locked: event.target.checked })}
        />
        <Window rule={rule} onChange={onChange} errorOf={errorOf} />
      </FieldGroup>
      <FieldGroup title={words.asking}>
        <NumberField
          label={words.maxPrompts}
          unit={words.times}
          value={rule.maxPromptsPerDay}
          error={errorOf('maxPromptsPerDay')}
          onChange={(maxPromptsPerDay) => onChange({ maxPromptsPerDay })}
        />
        <NumberField
          label={words.overdue}
          help={words.overdueHelp}
          unit={words.days}
          value={rule.overdueDays}
          error={errorOf('overdueDays')}
          onChange={(overdueDays) => onChange({ overdueDays })}
        />
      </FieldGroup>
    </>
  );
}

interface WindowProps {
  readonly rule: { readonly window?: BackupRule['window'] };
  readonly onChange: (changed: { readonly window: BackupRule['window'] }) => void;
  readonly errorOf: (name: string) => string | undefined;
}

/** Between which times of day something may happen by itself. */
export function Window({ rule: { window }, onChange, errorOf }: WindowProps) {
  const words = useWords(ruleWords);
  return (
    <>
      <SwitchField
        label={words.window}
        checked={window !== undefined}
        onChange={(event) => onChange({ window: event.target.checked ? USUAL_WINDOW : undefined })}
      />
      {window !== undefined && (
        <div className={styles.window}>
          {(['from', 'to'] as const).map((end) => (
            <TextField
              key={end}
              label={words[end]}
              type="time"
              value={window[end]}
              error={errorOf(`window.${end}`)}
              onChange={(event) => onChange({ window: { ...window, [end]: event.target.value } })}
            />
          ))}
        </div>
      )}
    </>
  );
}
