import { AppError, type ErrorCode } from '../../shared/errors.ts';

/** How restic ended. */
export interface Failure {
  readonly status: number;
  readonly stderr: string;
  /** What it was to do: "backup". */
  readonly command: string;
  /** Whether it was stopped because it took too long to get an answer. */
  readonly isLate?: boolean;
}

interface Kind {
  /** The exit code that says so; restic before 0.17.1 has only 1 for all of them. */
  readonly status?: number;
  readonly words: RegExp;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

const NO_ANSWER: Kind = {
  words:
    /connection refused|no such host|network is unreachable|no route to host|i\/o timeout|connection reset|broken pipe|dial tcp|ssh: |subprocess ssh|unexpected EOF|\b50[234]\b/i,
  code: 'COPY_UNREACHABLE',
  message: 'the place of the copy does not answer',
  hint: 'Check the network and whether the server is up, then run this again: it goes on where it stopped.',
};

const KINDS: readonly Kind[] = [
  {
    status: 12,
    words: /wrong password or no key found/i,
    code: 'WRONG_PASSWORD',
    message: 'the password of the copy is wrong',
    hint: 'Give the right one on the page of the copies, or with `holdfast copies change NAME --password-file FILE`.',
  },
  {
    status: 10,
    words: /Is there a repository at the following location|unable to open config file|repository does not exist/i,
    code: 'COPY_UNREACHABLE',
    message: 'there is no repository in the place of the copy',
    hint: 'Connect its disk, or check the address.',
  },
  {
    status: 11,
    words: /already locked|remove stale locks/i,
    code: 'COPY_FAILED',
    message: 'another program is using the repository of the copy',
    hint: 'Wait until it has finished, then run this again.',
  },
  {
    words: /no space left|disk quota|insufficient storage|\b507\b/i,
    code: 'COPY_FAILED',
    message: 'the place of the copy is full',
    hint: 'Make room there, then run this again: it goes on where it stopped.',
  },
  NO_ANSWER,
  {
    words:
      /\b403\b|access denied|forbidden|permission denied|not permitted|read-only file system|Method Not Allowed|InvalidAccessKeyId|SignatureDoesNotMatch/i,
    code: 'COPY_FAILED',
    message: 'the place of the copy refuses us',
    hint: 'Check the credentials and what they allow.',
  },
];

const SAID_CHARACTERS = 400;

/** What a failure of restic means for a person. Its own last words are in the details. */
export function failureOf({ status, stderr, command, isLate = false }: Failure): AppError {
  const said = lastWords(stderr);
  const kind = isLate ? NO_ANSWER : kindOf(status, said);
  const details = { command, status, said, isUnderstood: kind !== undefined };
  if (kind !== undefined) return new AppError(kind.code, kind.message, { hint: kind.hint, details });
  return new AppError('COPY_FAILED', `restic failed (${command}, exit code ${status})`, {
    hint: 'What it said is in the details. If it stays so, run `holdfast copies verify`.',
    details,
  });
}

function kindOf(status: number, said: string): Kind | undefined {
  const byStatus = KINDS.find((each) => each.status === status);
  // Codes from 10 on have a meaning each, also those that are not known yet.
  return byStatus ?? (status < 10 ? KINDS.find(({ words }) => words.test(said)) : undefined);
}

/** The end of what was said, without the passwords that addresses may hold. */
export function lastWords(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => line.trim())
    // One word alone is of a list of functions, which version 0.14 ends with.
    .filter((line) => line.includes(' '))
    .slice(-4)
    .join(' · ');
  return withoutPasswords(lines).slice(-SAID_CHARACTERS);
}

/** An address without its password: `rest:https://ada:***@host/`. */
export function withoutPasswords(text: string): string {
  return text.replaceAll(/(\/\/[^/\s:@]*):[^/\s@]+@/g, '$1:***@');
}
