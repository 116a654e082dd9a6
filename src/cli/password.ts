import { open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { keptPasswords, openSecretStore, type AskPassword, type PasswordOf } from '../service/index.ts';
import { AppError, isAppError, systemErrorCode } from '../shared/errors.ts';
import type { CliContext } from './context.ts';
import { listenTo } from './terminal.ts';
import { printable } from './output/format.ts';

export interface PasswordOptions {
  readonly passwordFile?: string;
}

export interface NewPasswordOptions {
  readonly newPasswordFile?: string;
}

/** Longer than any password; a wrong file named by mistake is not read to its end. */
const MAX_PASSWORD_BYTES = 16 * 1024;
const ATTEMPTS = 3;

/**
 * Where a command has the password of an encrypted backup from: the first line of `--password-file`, else
 * `HOLDFAST_PASSWORD`, else what its owner keeps sealed on this computer, else the person at the terminal, who is asked
 * again when it was wrong. Never an argument, which every user of the computer could read.
 *
 * @param asking.mayAsk whether the person may be asked; so unless told.
 * @param asking.question what is asked.
 * @returns a function that gives it, or undefined where nobody can be asked (any more).
 */
export function passwordFrom(
  context: CliContext,
  options: PasswordOptions,
  { mayAsk = true, question = 'Backup password: ' }: { mayAsk?: boolean; question?: string } = {},
): AskPassword {
  let asked = 0;
  let kept: string[] = [];
  let named: string[] = [];
  let hasAsked = false;
  return async (again, of) => {
    if (isNamed(context, options)) {
      if (!again) named = await namedPasswords(context, options);
      return named.shift();
    }
    if (!again) {
      kept = keptIn(context, of);
      hasAsked = false;
    }
    const next = kept.shift();
    if (next !== undefined) return next;
    if (!mayAsk || context.input === undefined || asked >= ATTEMPTS) return undefined;
    asked++;
    const words = hasAsked ? `That is not the password. ${question}` : question;
    hasAsked = true;
    return askHidden(context, context.input, words);
  };
}

/** The password that the words of the command or the environment lead to, if any. @throws {AppError} USAGE */
export async function namedPassword(context: CliContext, options: PasswordOptions): Promise<string | undefined> {
  return (await namedPasswords(context, options))[0];
}

/** That first; then what releases before took the same file for, where an editor has left its mark in it. */
async function namedPasswords({ env }: CliContext, { passwordFile }: PasswordOptions): Promise<string[]> {
  if (passwordFile === undefined) return [env['HOLDFAST_PASSWORD'] ?? ''].filter((each) => each !== '');
  const bytes = await readStart(passwordFile);
  const before = bytes.toString('utf8');
  const secrets = [textIn(bytes) ?? before, before].map((text) => firstLine(text, passwordFile));
  return [...new Set(secrets)];
}

const isNamed = ({ env }: CliContext, { passwordFile }: PasswordOptions): boolean =>
  passwordFile !== undefined || Boolean(env['HOLDFAST_PASSWORD']);

/** What is kept and cannot be opened is no reason not to ask for it. */
function keptIn({ places, env, err }: CliContext, of: PasswordOf): string[] {
  try {
    return keptPasswords(openSecretStore(places, env), of);
  } catch (error) {
    if (!isAppError(error, 'SECRETS_UNREADABLE')) throw error;
    err.write(`${printable(`Kept passwords cannot be used: ${error.message}. ${error.hint ?? ''}`.trim())}\n`);
    return [];
  }
}

/**
 * A new password: the first line of `--new-password-file`, else `HOLDFAST_NEW_PASSWORD`, else what the person types
 * twice.
 *
 * @throws {AppError} USAGE when there is none.
 */
export async function newPasswordFrom(
  context: CliContext,
  options: NewPasswordOptions,
  question = 'New backup password: ',
): Promise<string> {
  if (options.newPasswordFile !== undefined) return readSecretFile(options.newPasswordFile);
  const fromEnvironment = context.env['HOLDFAST_NEW_PASSWORD'];
  if (fromEnvironment) return fromEnvironment;
  if (context.input === undefined) {
    throw new AppError('USAGE', 'no new password was given', {
      hint: 'Give it with --new-password-file or HOLDFAST_NEW_PASSWORD, or run this at a terminal.',
    });
  }
  for (let tries = 0; tries < ATTEMPTS; tries++) {
    const first = await askHidden(context, context.input, question);
    if (first === '') throw new AppError('CANCELLED', 'no new password was given');
    if ((await askHidden(context, context.input, 'The same once more: ')) === first) return first;
    context.err.write('These were not the same.\n');
  }
  throw new AppError('USAGE', 'the new password was not the same twice', { hint: 'Nothing was changed. Try again.' });
}

/** Asks the person at the terminal for something that is not shown. @returns undefined where there is no terminal */
export async function askSecret(context: CliContext, question: string): Promise<string | undefined> {
  return context.input === undefined ? undefined : askHidden(context, context.input, question);
}

/** The first line of a file that holds a secret and nothing else. @throws {AppError} USAGE */
export async function readSecretFile(file: string): Promise<string> {
  const text = textIn(await readStart(file));
  if (text !== undefined) return firstLine(text, file);
  throw new AppError('USAGE', `the password file ${file} is not text in UTF-8`, {
    hint: 'Save it as UTF-8, with the password on its first line.',
  });
}

/**
 * What an editor has put down, without the mark that those of Windows begin with: nobody sees it, and nobody can type it.
 *
 * @returns undefined for what is neither UTF-8 nor UTF-16: its letters would all become the same one, and together a
 * password that nobody has chosen.
 */
function textIn(bytes: Buffer): string | undefined {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    // A longer file may have been cut within a letter, far behind its first line.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, {
      stream: bytes.length === MAX_PASSWORD_BYTES,
    });
    return text.includes('\0') ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function firstLine(text: string, file: string): string {
  const [line = ''] = text.split('\n', 1);
  const secret = line.replace(/\r$/, '');
  if (secret !== '') return secret;
  throw new AppError('USAGE', `the password file ${file} begins with an empty line`, {
    hint: 'Put the password on the first line of the file.',
  });
}

/** Not by its size: a password manager may hand over a pipe. */
async function readStart(file: string): Promise<Buffer> {
  try {
    await using handle = await open(file, 'r');
    const bytes = Buffer.alloc(MAX_PASSWORD_BYTES);
    let filled = 0;
    for (;;) {
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled);
      filled += bytesRead;
      if (bytesRead === 0 || filled === bytes.length) return bytes.subarray(0, filled);
    }
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    throw new AppError('USAGE', `the password file ${file} could not be read`, {
      hint: 'Check the path, and who may read the file.',
      details: { systemCode },
      cause,
    });
  }
}

/** Reads a line from the terminal without showing it. @throws {AppError} CANCELLED on Ctrl-C and Ctrl-D */
async function askHidden(context: CliContext, input: NodeJS.ReadStream, question: string): Promise<string> {
  context.err.write(question);
  const wasRaw = input.isRaw;
  input.setRawMode(true);
  const decoder = new StringDecoder('utf8');
  const line = new HiddenLine();
  const take = (bytes: Buffer): string | undefined => {
    const end = line.type(decoder.write(bytes));
    if (end === 'given up') throw new AppError('CANCELLED', 'stopped before the password was given');
    return end === 'entered' ? line.text : undefined;
  };
  try {
    return await listenTo(context, input, take, 'the terminal was closed');
  } finally {
    input.setRawMode(wasRaw);
    context.err.write('\n');
  }
}

/** What is typed at a terminal in raw mode: letters, and the few keys that mean something. */
class HiddenLine {
  #letters: string[] = [];

  get text(): string {
    return this.#letters.join('');
  }

  /** Takes what was typed or pasted. Whatever follows the end of the line is dropped. */
  type(typed: string): 'entered' | 'given up' | undefined {
    for (const letter of typed) {
      if (letter === '\r' || letter === '\n') return 'entered';
      if (letter === '\u0003') return 'given up';
      if (letter === '\u0004') return this.#letters.length === 0 ? 'given up' : 'entered';
      if (letter === '\u007f' || letter === '\b') this.#letters.pop();
      else if (letter === '\u0015') this.#letters = [];
      else if (letter >= ' ') this.#letters.push(letter);
    }
    return undefined;
  }
}
