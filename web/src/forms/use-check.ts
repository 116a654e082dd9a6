import { useState } from 'react';
import type { ZodType } from 'zod';
import { useFormats } from '../telling/use-formats.ts';
import { formWords } from '../words/forms.ts';
import { useWords } from '../words/words.ts';
import { check, type FieldErrors } from './check.ts';

interface UseCheck {
  /** By the path of the field; empty until something was sent that does not fit. */
  readonly errors: FieldErrors;
  /** Checks on sending: calls `go` with what fits, else shows what does not and moves the focus to the first of it. */
  readonly submit: <T>(schema: ZodType<T>, values: unknown, go: (data: T) => void) => void;
}

/** Checks a form when it is sent, not while somebody is still typing. */
export function useCheck(): UseCheck {
  const words = useWords(formWords);
  const format = useFormats();
  const [errors, setErrors] = useState<FieldErrors>({});
  return {
    errors,
    submit(schema, values, go) {
      const checked = check(schema, values, words, format);
      setErrors(checked.errors ?? {});
      if (checked.errors === undefined) go(checked.data);
      else requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
    },
  };
}
