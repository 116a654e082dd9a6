import { AppError } from '../shared/errors.ts';
import type { CliContext } from './context.ts';
import { printable } from './output/format.ts';

/** Longer answers are none. */
const MAX_ANSWER_CHARACTERS = 1_000;

/**
 * Asks the person at the terminal for a line, and gives it without the spaces around it.
 *
 * @throws {AppError} CANCELLED on Ctrl-C, Ctrl-D, and when the terminal is closed.
 */
export async function askLine(context: CliContext, input: NodeJS.ReadStream, question: string): Promise<string> {
  context.err.write(printable(question));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let typed = '';
  const onData = (bytes: Buffer): void => {
    typed += bytes.toString('utf8');
    const end = typed.search(/[\r\n]/);
    if (end >= 0 || typed.length > MAX_ANSWER_CHARACTERS) resolve(typed.slice(0, end < 0 ? typed.length : end).trim());
  };
  const onAbort = (): void => reject(context.signal.reason as Error);
  const onEnd = (): void => reject(new AppError('CANCELLED', 'the terminal was closed before the answer was given'));
  context.signal.addEventListener('abort', onAbort);
  input.on('data', onData).on('end', onEnd).resume();
  try {
    if (context.signal.aborted) onAbort();
    return await promise;
  } finally {
    input.off('data', onData).off('end', onEnd).pause();
    context.signal.removeEventListener('abort', onAbort);
  }
}

/** Asks a question that has two answers, and again as long as neither was given. Enter alone is `byDefault`. */
export async function askYesNo(
  context: CliContext,
  input: NodeJS.ReadStream,
  question: string,
  byDefault: boolean,
): Promise<boolean> {
  for (;;) {
    const answer = (await askLine(context, input, `${question} ${byDefault ? '[Y/n]' : '[y/N]'} `)).toLowerCase();
    if (answer === '') return byDefault;
    if (answer === 'y' || answer === 'yes') return true;
    if (answer === 'n' || answer === 'no') return false;
  }
}
