import { NumberField, SelectField, SwitchField } from '../../parts/field.tsx';
import { FieldGroup } from '../../parts/form.tsx';
import type { FieldErrors } from '../../forms/check.ts';
import { copySetUpWords } from '../../words/copy-set-up.ts';
import { useWords } from '../../words/words.ts';
import { Window } from '../settings/rule-fields.tsx';
import { FEWER, type HowDraft } from './copy-draft.ts';

const USUAL_HOURS = [6, 12, 24, 48, 168];
const PERIODS = ['last', 'daily', 'weekly', 'monthly'] as const;

interface HowFieldsProps {
  readonly how: HowDraft;
  readonly errors: FieldErrors;
  readonly onChange: (changed: Partial<HowDraft>) => void;
}

/** How often a copy runs, when, how fast, what it keeps, and whether a fire at home would spare it. */
export function HowFields({ how, errors, onChange }: HowFieldsProps) {
  const words = useWords(copySetUpWords);
  const { everyHours, kilobytesPerSecond, offSite, keep } = how;
  const hours = USUAL_HOURS.includes(everyHours) ? USUAL_HOURS : [...USUAL_HOURS, everyHours].toSorted((a, b) => a - b);
  return (
    <>
      <SwitchField
        label={words.offSite}
        help={words.offSiteHelp}
        checked={offSite}
        onChange={(event) => onChange({ offSite: event.target.checked })}
      />
      <FieldGroup title={words.how}>
        <SelectField
          label={words.every}
          value={String(everyHours)}
          choices={hours.map((each) => ({ value: String(each), label: words.hours(each) }))}
          onChange={(event) => onChange({ everyHours: Number(event.target.value) })}
        />
        <Window rule={how} errorOf={(name) => errors[name]} onChange={({ window }) => onChange({ window })} />
        <NumberField
          label={words.limit}
          help={words.limitHelp}
          unit={words.kilobytes}
          optional
          min={1}
          value={kilobytesPerSecond}
          error={errors['bytesPerSecond']}
          onChange={(changed) => onChange({ kilobytesPerSecond: changed })}
        />
        <SelectField
          label={words.keep}
          value={keep === undefined ? 'all' : 'fewer'}
          error={errors['keep']}
          choices={(['all', 'fewer'] as const).map((value) => ({ value, label: words.keeps[value] }))}
          onChange={(event) => onChange({ keep: event.target.value === 'fewer' ? FEWER : undefined })}
        />
        {keep !== undefined &&
          PERIODS.map((period) => (
            <NumberField
              key={period}
              label={words.periods[period]}
              min={1}
              optional
              value={keep[period] ?? Number.NaN}
              error={errors[`keep.${period}`]}
              onChange={(count) => {
                const { [period]: _before, ...others } = keep;
                onChange({ keep: Number.isNaN(count) ? others : { ...others, [period]: count } });
              }}
            />
          ))}
      </FieldGroup>
    </>
  );
}
