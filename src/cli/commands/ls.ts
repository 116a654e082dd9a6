import { Command } from 'commander';
import { AppError } from '../../shared/errors.ts';
import {
  findFiles,
  listFolder,
  parseFilePlace,
  resolvePlace,
  summarizeDomains,
  type DomainSummary,
  type FilePlace,
  type FolderItem,
  type Manifest,
} from '../../snapshot/index.ts';
import { jsonOption, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { openWanted, type ReadOptions } from '../open-backup.ts';
import { factsOfFile, noteCutOff, recordOfFile } from '../output/file-lines.ts';
import { formatCount, formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

interface LsOptions extends ReadOptions {
  readonly recursive?: boolean;
}

export function lsCommand(context: CliContext): Command {
  return new Command('ls')
    .description('list the files in a version: its domains, or what is in one of them')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, “latest”, or the path of a backup folder')
    .argument('[place]', 'a domain, or a folder in one: HomeDomain/Library')
    .option('-r, --recursive', 'everything below as well')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, place: string | undefined, options: LsOptions) => list(context, wanted, place, options));
}

async function list(context: CliContext, wanted: string, text: string | undefined, options: LsOptions): Promise<void> {
  const output = outputFor(context, options);
  await using opened = await openWanted(context, output, wanted, options);
  const { manifest } = opened.backup;
  if (text === undefined) {
    if (options.recursive === true) printFiles(manifest, undefined, output);
    else printDomains(summarizeDomains(manifest, noteCutOff(output)), output);
    return;
  }
  const place = resolvePlace(manifest, parseFilePlace(text));
  if (place === undefined) printDomainsLike(manifest, text, output);
  else if (options.recursive === true) printFiles(manifest, place, output);
  else printFolder(listFolder(manifest, place, noteCutOff(output)) ?? [], place, output);
}

function printDomains(domains: readonly DomainSummary[], output: Output): void {
  output.table(
    ['DOMAIN', 'WHAT IT IS', 'FILES', 'SIZE'],
    domains.map(({ domain, title, files, sizeBytes }) => [domain, title, formatCount(files), formatSize(sizeBytes)]),
    { numeric: [2, 3] },
  );
  output.records(domains.map(({ sizeBytes, ...rest }) => ({ ...rest, bytes: sizeBytes })));
}

/** "whatsapp" is no domain; the ones that have it in their names are what was meant. */
function printDomainsLike(manifest: Manifest, text: string, output: Output): void {
  const wanted = text.toLowerCase();
  const alike = summarizeDomains(manifest, noteCutOff(output)).filter(({ domain }) =>
    domain.toLowerCase().includes(wanted),
  );
  if (alike.length === 0) throw notThere(text);
  printDomains(alike, output);
}

function printFolder(items: readonly FolderItem[], { domain, relativePath }: FilePlace, output: Output): void {
  const files = items.reduce((sum, { kind, filesBelow }) => sum + filesBelow + (kind === 'file' ? 1 : 0), 0);
  const bytes = items.reduce((sum, { sizeBytes = 0, bytesBelow }) => sum + bytesBelow + sizeBytes, 0);
  const path = relativePath === '' ? domain : `${domain}/${relativePath}`;
  output.line(`${path}: ${plural(files, 'file')}, ${formatSize(bytes)}`);
  output.lines(items.map(lineOf));
  output.records(
    items.map((item) => ({
      ...recordOfFile(item),
      ...(item.kind === 'directory' && { filesBelow: item.filesBelow, bytesBelow: item.bytesBelow }),
    })),
  );
}

function lineOf(item: FolderItem): string {
  if (item.kind !== 'directory') return `${factsOfFile(item)}${item.name}`;
  const below = `${item.name}/  (${plural(item.filesBelow, 'file')}, ${formatSize(item.bytesBelow)})`;
  return `${factsOfFile({ ...item, sizeBytes: undefined })}${below}`;
}

function printFiles(manifest: Manifest, below: FilePlace | undefined, output: Output): void {
  const files = findFiles(manifest, below === undefined ? {} : { below }, noteCutOff(output));
  if (output.json) output.records(files.map(recordOfFile));
  else output.lines(files.map((file) => `${factsOfFile(file)}${file.domain}/${file.relativePath}`));
}

function notThere(place: string): AppError {
  return new AppError('CONTENT_NOT_FOUND', `the backup has no ${place}`, {
    hint: '`holdfast ls SNAPSHOT` lists its domains, `holdfast find SNAPSHOT NAME` looks for a name in all of them.',
    details: { place },
  });
}
