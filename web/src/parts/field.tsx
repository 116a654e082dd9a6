import { useId, useState, type ComponentProps, type ReactNode } from 'react';
import { partsWords } from '../words/parts.ts';
import { useWords } from '../words/words.ts';
import { classes } from './classes.ts';
import { IconButton } from './button.tsx';
import styles from './field.module.css';

interface FieldProps {
  readonly label: string;
  /** What to write there, under the label. */
  readonly help?: ReactNode;
  /** What is wrong with it and how to put it right. */
  readonly error?: string | undefined;
  readonly optional?: boolean;
}

interface Ids {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A label, its help, what is written, and what is wrong with it, tied together for those who listen. */
export function Field({
  label,
  help,
  error,
  optional = false,
  children,
}: FieldProps & { readonly children: (ids: Ids) => ReactNode }) {
  const words = useWords(partsWords);
  const id = useId();
  const describedBy = [help !== undefined && `${id}-help`, error !== undefined && `${id}-error`].filter(Boolean);
  return (
    <div className={classes(styles.field, error !== undefined && styles.wrong)}>
      <label htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}> ({words.optional})</span>}
      </label>
      {help !== undefined && (
        <p className={styles.help} id={`${id}-help`}>
          {help}
        </p>
      )}
      {error !== undefined && (
        <p className={styles.error} id={`${id}-error`}>
          {error}
        </p>
      )}
      {children({
        id,
        'aria-describedby': describedBy.length === 0 ? undefined : describedBy.join(' '),
        'aria-invalid': error === undefined ? undefined : true,
      })}
    </div>
  );
}

type TextFieldProps = FieldProps & Omit<ComponentProps<'input'>, 'id' | 'className'> & { readonly unit?: string };

export function TextField({ label, help, error, optional, unit, ...input }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error} optional={optional ?? false}>
      {(ids) => (
        <span className={styles.line}>
          <input {...input} {...ids} className={classes(styles.input, unit !== undefined && styles.short)} />
          {unit !== undefined && <span>{unit}</span>}
        </span>
      )}
    </Field>
  );
}

type NumberFieldProps = Omit<TextFieldProps, 'value' | 'onChange' | 'type'> & {
  /** NaN while nothing stands there. */
  readonly value: number;
  readonly onChange: (value: number) => void;
};

export function NumberField({ value, onChange, ...field }: NumberFieldProps) {
  return (
    <TextField
      {...field}
      type="number"
      inputMode="decimal"
      value={Number.isNaN(value) ? '' : value}
      unit={field.unit ?? ''}
      onChange={(event) => onChange(event.target.valueAsNumber)}
    />
  );
}

type TextAreaFieldProps = FieldProps & Omit<ComponentProps<'textarea'>, 'id' | 'className'>;

export function TextAreaField({ label, help, error, optional, ...area }: TextAreaFieldProps) {
  return (
    <Field label={label} help={help} error={error} optional={optional ?? false}>
      {(ids) => <textarea {...area} {...ids} className={styles.input} />}
    </Field>
  );
}

/** Shows what is typed on request: a long password typed blindly is a wrong one. */
export function PasswordField({ label, help, error, ...input }: Omit<TextFieldProps, 'type' | 'unit' | 'optional'>) {
  const words = useWords(partsWords);
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => (
        <span className={styles.password}>
          <input {...input} {...ids} type={shown ? 'text' : 'password'} className={styles.input} spellCheck={false} />
          <IconButton
            icon={shown ? 'eyeClosed' : 'eye'}
            label={shown ? words.hidePassword : words.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          />
        </span>
      )}
    </Field>
  );
}

type SelectFieldProps = FieldProps &
  Omit<ComponentProps<'select'>, 'id' | 'className' | 'children'> & {
    readonly choices: readonly { readonly value: string; readonly label: string }[];
  };

export function SelectField({ label, help, error, optional, choices, ...select }: SelectFieldProps) {
  return (
    <Field label={label} help={help} error={error} optional={optional ?? false}>
      {(ids) => (
        <select {...select} {...ids} className={styles.input}>
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface SwitchFieldProps extends Omit<ComponentProps<'input'>, 'id' | 'className' | 'type'> {
  readonly label: ReactNode;
  readonly help?: ReactNode;
}

/** Yes or no, the label beside it. */
export function SwitchField({ label, help, ...input }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className={styles.switch}>
      <input {...input} id={id} type="checkbox" aria-describedby={help === undefined ? undefined : `${id}-help`} />
      <span>
        <label htmlFor={id}>{label}</label>
        {help !== undefined && (
          <span className={styles.help} id={`${id}-help`}>
            {help}
          </span>
        )}
      </span>
    </div>
  );
}
