import type { CliContext } from './context.ts';
import { printable } from './output/format.ts';
import { listenTo } from './terminal.ts';

/** Longer answers are none. */
const MAX_ANSWER_CHARACTERS = 1_000;

/**
 * Asks the person at the terminal for a line, and gives it without the spaces around it.
 *
 * @throws {AppError} CANCELLED on Ctrl-C, Ctrl-D, and when the terminal is closed.
 */
export async function askLine(context: CliContext, input: NodeJS.ReadStream, question: string): Promise<string> {
  context.err.write(printable(question));
  let typed = '';
  const take = (bytes: Buffer): string | undefined => {
    typed += bytes.toString('utf8');
    const end = typed.search(/[\r\n]/);
    if (end < 0 && typed.length <= MAX_ANSWER_CHARACTERS) return undefined;
    return typed.slice(0, end < 0 ? typed.length : end).trim();
  };
  return listenTo(context, input, take, 'the terminal was closed before the answer was given');
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
