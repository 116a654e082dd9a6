/**
 * What was tried with each device and how it ended, so that a reason is still there when somebody looks for it.
 *
 *   <stateDir>/history/<UDID>.jsonl     one try per line, the newest last
 *   <stateDir>/history/<UDID>.1.jsonl   what came before, once the first has grown large
 *
 * Lines are only ever appended, each with one write. A line that a power cut tore, or that a newer version wrote in
 * another way, is passed over.
 */
import { readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { appendLine } from '../../shared/files/append-line.ts';
import { AppError, ERROR_CODES, type ErrorCode, systemErrorCode } from '../../shared/errors.ts';
import {
  allOf,
  type Checked,
  either,
  is,
  isFlag,
  isNumber,
  isText,
  listOf,
  maybe,
  parseObject,
  shaped,
} from '../../shared/json-shape.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** Two files of this size hold some five thousand tries: years of several a day. */
const MAX_FILE_BYTES = 512 * 1024;
/** Longer ones are cut: a line must stay one write. */
const MAX_SENTENCE_CHARS = 500;

/** As the contract has it, which commands that only add to the history would have to load. */
const isReason = shaped({ code: isText, values: allOf(either(isText, isNumber, isFlag)) });

const isDate = (value: unknown): value is string => isText(value) && !Number.isNaN(Date.parse(value));

/** A try as it is written: its times are texts. */
const isLine = shaped({
  at: isDate,
  kind: is('backup', 'restore', 'encryption', 'verify', 'copy', 'checkup'),
  /**
   * `not-confirmed`: the passcode was not entered on the device. Nothing is wrong, nobody was there. `skipped`: it was
   * due, and `reasons` say what was waited for. `interrupted`: the service stopped or died in the middle of it.
   */
  outcome: is('done', 'failed', 'cancelled', 'not-confirmed', 'skipped', 'interrupted'),
  code: maybe((code): code is ErrorCode => isText(code) && Object.hasOwn(ERROR_CODES, code)),
  snapshot: maybe(isText),
  /** What happened, for a person. */
  sentence: maybe(isText),
  /** What to do about it. */
  hint: maybe(isText),
  /** How the device was reached. */
  connection: maybe(is('usb', 'network')),
  /** Whether it happened by itself, by a rule. */
  automatic: maybe(isFlag),
  reasons: maybe(listOf(isReason)),
  startedAt: maybe(isDate),
  /** Whether the device asked for its passcode. */
  asked: maybe(isFlag),
});
type Line = Checked<typeof isLine>;

/** One try with a device. `at` is when it ended. */
export type Try = Omit<Line, 'at' | 'startedAt'> & { readonly at: Date; readonly startedAt?: Date | undefined };

/**
 * Adds a try, durably.
 *
 * @param udid of the device; any name of letters, digits and dashes is taken.
 * @throws {AppError} STORAGE_FAILED, OUT_OF_SPACE
 */
export async function appendTry(stateDir: string, udid: string, entry: Try): Promise<void> {
  const file = fileOf(stateDir, udid);
  try {
    makeFolders(join(stateDir, 'history'), 0o700);
    await turnOver(stateDir, udid);
    await appendLine(file, JSON.stringify(cut(entry)));
  } catch (cause) {
    throw storageFailed(file, cause);
  }
}

/**
 * Every try with a device that is remembered, the newest first. A device nothing was tried with has none.
 *
 * @throws {AppError} STORAGE_FAILED
 */
export async function triesOf(stateDir: string, udid: string): Promise<Try[]> {
  const texts = [await readText(olderFileOf(stateDir, udid)), await readText(fileOf(stateDir, udid))];
  const lines = texts.flatMap((text) => text.split('\n')).flatMap(parseLine);
  return lines.toReversed();
}

/** Where the tries with a device are kept, the newest in the first. */
export function historyFiles(stateDir: string, udid: string): string[] {
  return [fileOf(stateDir, udid), olderFileOf(stateDir, udid)];
}

function fileOf(stateDir: string, udid: string): string {
  return join(stateDir, 'history', `${safeName(udid)}.jsonl`);
}

function olderFileOf(stateDir: string, udid: string): string {
  return join(stateDir, 'history', `${safeName(udid)}.1.jsonl`);
}

function safeName(udid: string): string {
  if (/^[0-9A-Za-z-]{1,100}$/.test(udid)) return udid;
  throw new AppError('USAGE', `“${udid.slice(0, 100)}” is no name of a device`, { hint: 'Give its UDID.' });
}

/** A rename keeps what another process is appending at this moment. */
async function turnOver(stateDir: string, udid: string): Promise<void> {
  const file = fileOf(stateDir, udid);
  try {
    if ((await stat(file)).size > MAX_FILE_BYTES) await rename(file, olderFileOf(stateDir, udid));
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
}

function cut(entry: Try): Try {
  const { sentence, hint } = entry;
  return {
    ...entry,
    ...(sentence === undefined ? {} : { sentence: sentence.slice(0, MAX_SENTENCE_CHARS) }),
    ...(hint === undefined ? {} : { hint: hint.slice(0, MAX_SENTENCE_CHARS) }),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return '';
    throw storageFailed(file, error);
  }
}

function parseLine(text: string): Try[] {
  const line = parseObject(text);
  if (!isLine(line)) return [];
  const { at, startedAt, ...rest } = line;
  return [{ ...rest, at: new Date(at), ...(startedAt !== undefined && { startedAt: new Date(startedAt) }) }];
}

function storageFailed(file: string, cause: unknown): unknown {
  return writeFailure(
    cause,
    `the history in ${file} cannot be used`,
    'Check who owns that file, and whether its disk is writable.',
  );
}
