/** What is typed is checked with the schemas the service checks it with. */
import type { ZodType } from 'zod';
import type { Formats } from '../../../src/contract/index.ts';
import type { formWords } from '../words/forms.ts';

type FormWords = (typeof formWords)['en'];
type Issue = NonNullable<ReturnType<ZodType['safeParse']>['error']>['issues'][number];

/** What is wrong, by the path of the field: `channels.0.host`. */
export type FieldErrors = Readonly<Record<string, string>>;

export type Checked<T> =
  | { readonly data: T; readonly errors?: never }
  | { readonly data?: never; readonly errors: FieldErrors };

/** Checks values against a schema of the contract; says in words what does not fit. */
export function check<T>(schema: ZodType<T>, values: unknown, words: FormWords, format: Formats): Checked<T> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return { data: parsed.data };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) errors[issue.path.join('.')] ??= wordsFor(issue, words, format);
  return { errors };
}

function wordsFor(issue: Issue, words: FormWords, format: Formats): string {
  if (issue.code === 'too_small') {
    const least = format.number(Number(issue.minimum));
    if (issue.origin === 'string') return issue.minimum === 1 ? words.missing : words.tooShort(least);
    return issue.origin === 'array' ? words.tooFew : words.tooSmall(least);
  }
  if (issue.code === 'too_big') {
    const most = format.number(Number(issue.maximum));
    return issue.origin === 'string' ? words.tooLong(most) : words.tooLarge(most);
  }
  if (issue.code === 'invalid_type') {
    return issue.expected === 'number' || issue.expected === 'int' ? words.number : words.missing;
  }
  if (issue.code !== 'invalid_format') return words.wrong;
  if (issue.format === 'email') return words.mail;
  return issue.format === 'url' ? words.address : words.wrong;
}
