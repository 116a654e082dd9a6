import { Command, InvalidArgumentError, Option } from 'commander';
import { FILE_KINDS, findFiles, type FileQuery } from '../../snapshot/index.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { dayOrMoment } from '../dates.ts';
import { openWanted, type ReadOptions } from '../open-backup.ts';
import { factsOfFile, noteCutOff, recordOfFile } from '../output/file-lines.ts';
import { formatSize, plural } from '../output/format.ts';

interface FindOptions extends ReadOptions {
  readonly domain?: string;
  readonly app?: string;
  readonly larger?: number;
  readonly smaller?: number;
  readonly after?: Date;
  readonly before?: Date;
  readonly kind?: string;
}

export function findCommand(context: CliContext): Command {
  return new Command('find')
    .description('find files in a version by name, place, size and time')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, “latest”, or the path of a backup folder')
    .argument('[name]', 'a part of the name, or a pattern: "*.heic"; with a “/”, of the whole path')
    .option('--domain <domain>', 'only in this domain, or in those that match a pattern: "AppDomain-*"')
    .option('--app <bundle>', 'only what belongs to this app: net.whatsapp.WhatsApp')
    .addOption(new Option('--larger <size>', 'only files of this size or more: 10MB').argParser(parseSize))
    .addOption(new Option('--smaller <size>', 'only files of this size or less').argParser(parseSize))
    .addOption(new Option('--after <date>', 'only what changed on this day or later: 2026-05-03').argParser(parseDate))
    .addOption(new Option('--before <date>', 'only what changed before this day').argParser(parseDate))
    .addOption(new Option('--kind <kind>', 'only one kind').choices(FILE_KINDS))
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, name: string | undefined, options: FindOptions) => find(context, wanted, name, options));
}

async function find(
  context: CliContext,
  wanted: string,
  name: string | undefined,
  options: FindOptions,
): Promise<void> {
  const output = outputFor(context, options);
  await using opened = await openWanted(context, output, wanted, options);
  const query = queryOf(name, options);
  let count = 0;
  let bytes = 0;
  const files = findFiles(opened.backup.manifest, query, noteCutOff(output)).map((file) => {
    count++;
    bytes += file.sizeBytes ?? 0;
    return file;
  });
  if (output.json) output.records(files.map(recordOfFile));
  else output.lines(files.map((file) => `${factsOfFile(file)}${file.domain}/${file.relativePath}`));
  output.line(count === 0 ? 'Nothing like that is in this backup.' : `${plural(count, 'item')}, ${formatSize(bytes)}`);
}

function queryOf(name: string | undefined, options: FindOptions): FileQuery {
  const { domain, app, larger, smaller, after, before, kind } = options;
  return {
    ...(name !== undefined && { name }),
    ...(domain !== undefined && { domain }),
    ...(app !== undefined && { app }),
    ...(larger !== undefined && { atLeastBytes: larger }),
    ...(smaller !== undefined && { atMostBytes: smaller }),
    ...(after && { from: after }),
    ...(before && { before }),
    ...(kind !== undefined && { kind }),
  };
}

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['k', 1e3],
  ['m', 1e6],
  ['g', 1e9],
  ['t', 1e12],
  ['ki', 2 ** 10],
  ['mi', 2 ** 20],
  ['gi', 2 ** 30],
  ['ti', 2 ** 40],
]);

/** "500", "10MB", "1.5 GB", "4MiB"; in bytes. */
function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?i?)(?:b|bytes?)?$/i.exec(text.trim()) ?? [];
  const factor = FACTORS.get(unit.toLowerCase());
  if (number !== '' && factor !== undefined) return Number(number) * factor;
  throw new InvalidArgumentError('It takes a size: 500, 10MB, 1.5GB');
}

function parseDate(text: string): Date {
  const date = dayOrMoment(text);
  if (date !== undefined) return date;
  throw new InvalidArgumentError('It takes a date: 2026-05-03');
}
