import { readFile, writeFile } from 'node:fs/promises';
import { parse, join as joinPath } from 'node:path';
import { Command } from 'commander';
import { joinShares, lineCount, readLine, shareInText, shareOfLines, type Share } from '../../keybag/index.ts';
import { makeRecoveryPages, openSecretStore, type RecoveryPages } from '../../service/index.ts';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { askLine } from '../ask.ts';
import { jsonOption, passwordFileOption, vaultOption, wholeNumber } from '../common-options.ts';
import { outputFor, vaultDirFor, type CliContext, type CommonOptions, type VaultOptions } from '../context.ts';
import { plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';
import { passwordFrom, type PasswordOptions } from '../password.ts';
import { VERSION } from '../version.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';

interface SheetOptions extends VaultOptions, PasswordOptions {
  readonly to?: string;
  readonly withPassword?: boolean;
  readonly shares?: number;
  readonly needed?: number;
}

/** More people than a family has; each share is a page. */
const MAX_SHARES = 20;
/** A page is smaller. */
const MAX_SHARE_FILE_BYTES = 1024 * 1024;

export function recoverySheetCommand(context: CliContext): Command {
  const command = new Command('recovery-sheet')
    .description('make a page to print: what to do with the backups when you cannot')
    .argument('[device]', 'name or UDID, as in `holdfast snapshots`; may be left out when there is only one')
    .option('--to <file>', 'the HTML file to write; open it in a browser and print it')
    .option('--with-password', 'print the backup password on it, and those of the copies')
    .option('--shares <n>', 'split the password onto so many pages, for as many people', wholeNumber(1, MAX_SHARES))
    .option('--needed <k>', 'how many of the shares are to give the password back', wholeNumber(1, MAX_SHARES))
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string | undefined, options: SheetOptions) => makeSheet(context, wanted, options));
  command
    .command('join')
    .description('give the password back from enough of its shares, typed in or from files')
    .argument('[files...]', 'files with one share each, typed or saved; without them the shares are asked for')
    .addOption(jsonOption())
    // An option that both commands have is the outer one's, wherever it stands.
    .action((files: string[], _options, self: Command) => join(context, files, self.optsWithGlobals<CommonOptions>()));
  return command;
}

async function makeSheet(context: CliContext, wanted: string | undefined, options: SheetOptions): Promise<void> {
  const output = outputFor(context, options);
  if (options.to === undefined) {
    throw new AppError('USAGE', 'where is the page to be written?', { hint: 'Name a file: --to sheet.html' });
  }
  const pages = await makeRecoveryPages({
    vaultDir: vaultDirFor(context, options),
    stateDir: context.places.stateDir,
    wanted,
    content: contentOf(options),
    password: passwordFrom(context, options),
    copySecrets: openSecretStore(context.places, context.env),
    product: `Holdfast ${VERSION}`,
    signal: context.signal,
  });
  const files = await writePages(pages, options.to);
  const [sheet = '', ...shares] = files;
  output.line(`Written: ${sheet}. Open it in a browser and print it.`);
  for (const file of shares) output.line(`Written: ${file}`);
  if (shares.length > 0) {
    output.line('Print each share for one person, and give none two of them. Then delete the files.');
  } else if (options.withPassword === true) {
    output.line('The password is on it: print it, delete the file, and keep the page as you keep the deed of a house.');
  }
  output.record({
    event: 'done',
    udid: pages.udid,
    name: pages.name,
    sheet,
    shares,
    set: pages.set ?? null,
    withPassword: options.withPassword === true,
  });
}

function contentOf({
  withPassword = false,
  shares,
  needed,
}: SheetOptions): Parameters<typeof makeRecoveryPages>[0]['content'] {
  if (shares === undefined && needed === undefined) return withPassword ? 'password' : 'no-password';
  const fault =
    shares === undefined || needed === undefined
      ? '--shares and --needed go together'
      : needed > shares
        ? `${plural(shares, 'share')} can never be ${needed}`
        : withPassword
          ? 'a sheet with the password makes shares of it useless'
          : undefined;
  if (fault === undefined && shares !== undefined && needed !== undefined) return { needed, count: shares };
  throw new AppError('USAGE', fault ?? '', {
    hint: 'For three people of whom any two are to be enough: --shares 3 --needed 2.',
  });
}

/** The sheet first. Nothing is overwritten: a page with a password is not lost by a repeated command. */
async function writePages({ sheet, shares }: RecoveryPages, to: string): Promise<string[]> {
  const { dir, name, ext } = parse(to);
  const named = shares.map((text, i) => ({
    file: joinPath(dir, `${name}-share-${i + 1}-of-${shares.length}${ext === '' ? '.html' : ext}`),
    text,
  }));
  const files = [{ file: to, text: sheet }, ...named];
  for (const { file, text } of files) await writeNew(file, text);
  return files.map(({ file }) => file);
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (cause) {
    if (systemErrorCode(cause) === 'EEXIST') {
      throw new AppError('USAGE', `${file} is there already`, {
        hint: 'Give another name, or remove it first.',
        cause,
      });
    }
    const hint = 'Check that its folder is there, and that you may write into it.';
    throw writeFailure(cause, `${file} could not be written`, hint, hint);
  }
}

async function join(context: CliContext, files: readonly string[], options: CommonOptions): Promise<void> {
  const output = outputFor(context, options);
  const shares = files.length > 0 ? await Promise.all(files.map(shareInFile)) : await typedShares(context, output);
  const password = joinShares(shares);
  // What was asked for, and only here.
  output.line(password);
  output.record({ event: 'joined', password, shares: shares.length });
}

async function shareInFile(file: string): Promise<Share> {
  let text: string;
  try {
    text = (await readFile(file)).subarray(0, MAX_SHARE_FILE_BYTES).toString('utf8');
  } catch (cause) {
    const systemCode = systemErrorCode(cause);
    if (systemCode === undefined) throw cause;
    throw new AppError('USAGE', `${file} could not be read`, {
      hint: 'Check the path.',
      details: { systemCode },
      cause,
    });
  }
  try {
    return shareInText(text);
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    throw new AppError('FORMAT_INVALID', `${file}: ${error.message}`, {
      hint: 'Type the lines of the share as they are printed, each with its number and the two letters at its end.',
      cause: error,
    });
  }
}

/** Asks for lines until there are enough shares. A line that was mistyped is asked for again. */
async function typedShares(context: CliContext, output: Output): Promise<Share[]> {
  const { input } = context;
  if (input === undefined) {
    throw new AppError('USAGE', 'there is nobody to type the shares', { hint: 'Name files with one share each.' });
  }
  const shares: Share[] = [];
  const lineOf = async (number: number): Promise<string> => {
    for (;;) {
      const line = readLine(await askLine(context, input, `Line ${number}: `), number);
      if (line !== undefined) return line;
      output.note(`That is not line ${number} as it is printed. Once more, with the two letters at its end.`);
    }
  };
  for (let needed = 1; shares.length < needed; needed = shares[0]?.needed ?? 1) {
    output.note(
      shares.length === 0 ? 'Type the first share, line by line.' : `Share ${shares.length + 1} of ${needed}.`,
    );
    const lines = [await lineOf(1)];
    const count = lineCount(lines[0] ?? '');
    while (lines.length < count) lines.push(await lineOf(lines.length + 1));
    const share = shareOfLines(lines);
    if (shares.some(({ number, set }) => number === share.number && set === share.set)) {
      output.note('That one was typed already.');
    } else shares.push(share);
  }
  return shares;
}
