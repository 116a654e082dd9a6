import { Command, Option } from 'commander';
import {
  EXCERPT_MARKS,
  goneOverTime,
  searchOverTime,
  type ContentKind,
  type Occurrence,
  type SearchHit,
  type SearchOptions,
} from '../../content/index.ts';
import {
  openForReading,
  searchIndexOf,
  versionsOf,
  type OpenedForReading,
  type OpenForReadingRequest,
} from '../../service/index.ts';
import { AppError } from '../../shared/errors.ts';
import { findFiles } from '../../snapshot/index.ts';
import { jsonOption, passwordFileOption, vaultOption, wholeNumber } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { dayOrMoment } from '../dates.ts';
import { readingOf, type ReadOptions } from '../open-backup.ts';
import { formatTime, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

const KINDS = [
  'messages',
  'contacts',
  'calls',
  'voicemail',
  'notes',
  'calendar',
  'reminders',
  'safari',
  'photos',
] as const;
const MORE_KINDS = ['whatsapp', 'voice-memos', 'apps', 'accounts', 'wifi', 'alarms', 'blocked', 'fragments'] as const;
const FILES = 'files';
const DEFAULT_LIMIT = 50;

interface SearchCommandOptions extends ReadOptions {
  readonly snapshot: string;
  readonly allVersions?: boolean;
  readonly gone?: boolean;
  readonly kind?: string[];
  readonly from?: string;
  readonly until?: string;
  readonly limit: number;
}

export function searchCommand(context: CliContext): Command {
  return new Command('search')
    .description('find words in messages, notes, contacts, calls, calendars… of one version or of all')
    .argument('[words...]', 'all of them, or beginnings of them; "…" for words in this order; -word for without it')
    .option('--snapshot <snapshot>', 'an id, its beginning, or the path of a backup folder', 'latest')
    .option('--all-versions', 'in all versions of the device: since when it is there, and since when it is gone')
    .option('--gone', 'only what earlier versions hold and the newest does not; without words: everything')
    .addOption(new Option('--kind <kind...>', 'only these').choices([...KINDS, ...MORE_KINDS, FILES]))
    .option('--from <date>', 'only from this day on, like 2026-05-03')
    .option('--until <date>', 'only before this day')
    .option('--limit <count>', 'so many at most', wholeNumber(1, 1_000_000), DEFAULT_LIMIT)
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((words: string[], options: SearchCommandOptions) => search(context, words.join(' '), options));
}

async function search(context: CliContext, query: string, options: SearchCommandOptions): Promise<void> {
  const output = outputFor(context, options);
  if (query.trim() === '' && options.gone !== true) {
    throw new AppError('USAGE', 'there is nothing to look for', { hint: 'Give one or several words.' });
  }
  const request = readingOf(context, output, options.snapshot, options);
  const line = output.progress();
  if (context.out.isTTY === true) line.show({ phase: 'Reading' });
  const found = await (
    options.gone === true || options.allVersions === true
      ? overTime(request, query, options)
      : inOneVersion(request, query, options)
  ).finally(() => line.end());
  for (const each of found) show(each, output);
  output.line(found.length === 0 ? 'Nothing found.' : `${plural(found.length, 'thing')} found.`);
  if (found.length === options.limit) output.line('There may be more: --limit shows them.');
}

type Found = SearchHit | Occurrence | FoundFile;

interface FoundFile {
  readonly kind: typeof FILES;
  readonly domain: string;
  readonly path: string;
}

async function inOneVersion(
  request: OpenForReadingRequest,
  query: string,
  options: SearchCommandOptions,
): Promise<Found[]> {
  await using opened = await openForReading(request);
  using index = await searchIndexOf(opened, request.stateDir, request.signal);
  const hits = index.search(query, searchOptionsOf(options));
  const wantsFiles = options.kind === undefined || options.kind.includes(FILES);
  return wantsFiles ? [...hits, ...filesNamed(opened, query, options.limit - hits.length)] : hits;
}

/** Names of files are not in the index: there are too many of them, and looking through them is quick. */
function filesNamed({ backup }: OpenedForReading, query: string, limit: number): FoundFile[] {
  const found: FoundFile[] = [];
  const [name = '', ...others] = query.split(/\s+/).filter((word) => word !== '' && !/^-|"/.test(word));
  if (name === '' || others.length > 0 || limit <= 0) return found;
  for (const file of findFiles(backup.manifest, { name, kind: 'file' })) {
    found.push({ kind: FILES, domain: file.domain, path: file.relativePath });
    if (found.length === limit) break;
  }
  return found;
}

async function overTime(
  request: OpenForReadingRequest,
  query: string,
  options: SearchCommandOptions,
): Promise<Found[]> {
  const versions = await versionsOf(request);
  const searchOptions = searchOptionsOf(options);
  if (query.trim() !== '') {
    // What is still there is left out afterwards, so the limit comes then.
    const { limit: _limit, ...unlimited } = searchOptions;
    const asked = options.gone === true ? { ...unlimited, limit: 1_000_000 } : searchOptions;
    const found = await searchOverTime(versions, query, asked);
    return found.filter(({ goneSince }) => options.gone !== true || goneSince !== undefined).slice(0, options.limit);
  }
  const found: Occurrence[] = [];
  for await (const occurrence of goneOverTime(versions, searchOptions.kinds ?? KINDS)) {
    if (!isInTime(occurrence, searchOptions)) continue;
    found.push(occurrence);
    if (found.length === options.limit) break;
  }
  return found;
}

const isInTime = ({ at }: Occurrence, { from, until }: SearchOptions): boolean =>
  (from === undefined || (at !== undefined && at >= from)) && (until === undefined || (at !== undefined && at < until));

function searchOptionsOf({ kind, from, until, limit }: SearchCommandOptions): SearchOptions {
  const all: readonly ContentKind[] = [...KINDS, ...MORE_KINDS];
  return {
    limit,
    ...(kind && { kinds: all.filter((each) => kind.includes(each)) }),
    ...(from !== undefined && { from: dayOf(from) }),
    ...(until !== undefined && { until: dayOf(until) }),
  };
}

function dayOf(text: string): Date {
  const date = dayOrMoment(text);
  if (date !== undefined) return date;
  throw new AppError('USAGE', `“${text}” is no date`, { hint: 'Write it like 2026-05-03.' });
}

function show(found: Found, output: Output): void {
  if (found.kind === FILES) {
    output.line(`files  ${found.domain}/${found.path}`);
    output.record({ event: 'file', domain: found.domain, path: found.path });
    return;
  }
  const { kind, key, at, title, text } = found;
  output.line([kind, at === undefined ? '' : formatTime(at), title].filter((part) => part !== '').join('  '));
  output.line(
    `    ${found.excerpt.replaceAll(EXCERPT_MARKS.start, '').replaceAll(EXCERPT_MARKS.end, '').replaceAll(/\s+/g, ' ')}`,
  );
  const base = { event: 'found', kind, key, at: at?.toISOString() ?? null, title, text };
  if (!('firstSeen' in found)) return output.record(base);
  const { firstSeen, lastSeen, goneSince } = found;
  output.line(`    ${presenceWords(found)}`);
  output.record({
    ...base,
    firstSeen: versionRecord(firstSeen),
    lastSeen: versionRecord(lastSeen),
    goneSince: goneSince ? versionRecord(goneSince) : null,
  });
}

const versionRecord = ({ id, takenAt }: Occurrence['firstSeen']): object => ({ id, takenAt: takenAt.toISOString() });

function presenceWords({ firstSeen, lastSeen, goneSince }: Occurrence): string {
  if (goneSince === undefined) return `there since ${formatTime(firstSeen.takenAt)}`;
  return `existed on ${formatTime(lastSeen.takenAt)}, gone since ${formatTime(goneSince.takenAt)}; take it out of ${lastSeen.id}`;
}
