import { Command } from 'commander';
import { ExportFolder, takeOutFiles, type FileProblem, type TakeOutFilesEvent } from '../../export/index.ts';
import { AppError } from '../../shared/errors.ts';
import { parseFilePlace, resolvePlace, type FilePlace, type Manifest } from '../../snapshot/index.ts';
import { jsonOption, namedFolder, passwordFileOption, vaultOption } from '../common-options.ts';
import { outputFor, type CliContext } from '../context.ts';
import { openWanted, type ReadOptions } from '../open-backup.ts';
import { formatSize, plural } from '../output/format.ts';
import type { Output } from '../output/output.ts';

interface GetOptions extends ReadOptions {
  readonly to: string;
  readonly app?: string[];
  readonly overwrite?: boolean;
}

export function getCommand(context: CliContext): Command {
  return new Command('get')
    .description('take files out of a version as they were on the device')
    .argument('<snapshot>', 'an id from `holdfast snapshots`, its beginning, “latest”, or the path of a backup folder')
    .argument('[places...]', 'files, folders or domains: HomeDomain/Library/SMS/sms.db; without any, everything')
    .requiredOption('--to <dir>', 'where to: a new or an empty folder', namedFolder)
    .option('--app <bundle...>', 'everything of these apps: net.whatsapp.WhatsApp')
    .option('--overwrite', 'into a folder that was taken out to before, replacing files of the same names')
    .addOption(passwordFileOption())
    .addOption(vaultOption(context))
    .addOption(jsonOption())
    .action((wanted: string, places: string[], options: GetOptions) => get(context, wanted, places, options));
}

async function get(context: CliContext, wanted: string, texts: string[], options: GetOptions): Promise<void> {
  const output = outputFor(context, options);
  await using opened = await openWanted(context, output, wanted, options);
  const { backup } = opened;
  const places = texts.map((text) => placeIn(backup.manifest, text));
  const folder = await ExportFolder.create(options.to, { overwrite: options.overwrite === true });
  const selection = { places, apps: options.app ?? [] };
  await showProgress(takeOutFiles({ backup, folder, selection, signal: context.signal }), folder, output);
}

function placeIn(manifest: Manifest, text: string): FilePlace {
  const place = resolvePlace(manifest, parseFilePlace(text));
  if (place !== undefined) return place;
  throw new AppError('CONTENT_NOT_FOUND', `the backup has no ${text}`, {
    hint: '`holdfast ls SNAPSHOT` lists its domains, `holdfast find SNAPSHOT NAME` looks for a name in all of them.',
    details: { place: text },
  });
}

type Done = Extract<TakeOutFilesEvent, { kind: 'done' }>;
type Problem = Extract<TakeOutFilesEvent, { kind: 'problem' }>;

async function showProgress(
  events: AsyncIterable<TakeOutFilesEvent>,
  folder: ExportFolder,
  output: Output,
): Promise<void> {
  const line = output.progress();
  const problems = new Problems(output);
  let done: Done | undefined;
  try {
    for await (const event of events) {
      if (event.kind === 'problem') problems.tell(event);
      else if (event.kind === 'done') done = event;
      else {
        const { files, bytes, totalFiles, totalBytes } = event;
        const fraction = totalBytes === 0 ? files / Math.max(totalFiles, 1) : Math.min(bytes / totalBytes, 1);
        line.show({ phase: 'Taking out', fraction, facts: [plural(files, 'file'), formatSize(bytes)] });
      }
    }
  } finally {
    line.end();
  }
  if (done === undefined) return;
  report(done, problems, folder, output);
}

/** Named on the screen; `--json` names all. */
const NAMED_PROBLEMS = 20;

const PROBLEM_WORDS: Readonly<Record<FileProblem, string>> = {
  missing: 'its content is not in the backup',
  unreadable: 'the disk of the backup cannot read it',
  changed: 'its stored bytes are damaged',
  damaged: 'its end is missing or damaged; what there is was written',
  'no-key': 'only the device can decrypt it, or its key is damaged',
  'no-facts': 'its entry in the backup’s list is damaged',
  refused: 'the disk written to cannot hold it',
  'link-outside': 'a link that leads elsewhere; a text file says where to',
};

class Problems {
  readonly #output: Output;
  readonly counts = new Map<FileProblem, number>();
  #told = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** Links that lead elsewhere are no loss. */
  get losses(): number {
    return [...this.counts].reduce((sum, [problem, count]) => sum + (problem === 'link-outside' ? 0 : count), 0);
  }

  tell({ domain, relativePath, problem }: Problem): void {
    this.counts.set(problem, (this.counts.get(problem) ?? 0) + 1);
    this.#output.record({ event: 'problem', domain, path: relativePath, problem });
    if (problem === 'link-outside') return;
    if (++this.#told <= NAMED_PROBLEMS) {
      this.#output.line(`${domain}/${relativePath}: ${PROBLEM_WORDS[problem]}`);
    }
  }

  /** One line for each sort of trouble. */
  get sentences(): string[] {
    return Array.from(this.counts, ([problem, count]) => `${plural(count, 'time')}: ${PROBLEM_WORDS[problem]}.`);
  }
}

function report(done: Done, problems: Problems, folder: ExportFolder, output: Output): void {
  const { files, folders, links, bytes, unusableEntries, isListCutOff, renamed, renamedTable, problemTable } = done;
  const what = [plural(files, 'file'), ...(links > 0 ? [plural(links, 'link')] : []), formatSize(bytes)];
  output.line(`Written to ${folder.dir}: ${what.join(', ')}.`);
  if (renamedTable !== undefined) {
    const names = renamed === 1 ? 'One name was' : `${plural(renamed, 'name')} were`;
    output.line(`${names} changed to be safe on every computer; “${renamedTable}” lists what was called otherwise.`);
  }
  for (const sentence of problems.sentences) output.line(sentence);
  if (isListCutOff)
    output.line('The list of the backup’s files is damaged and breaks off: what it does not name is missing.');
  output.record({
    event: 'done',
    folder: folder.dir,
    files,
    folders,
    links,
    bytes,
    unusableEntries,
    isListCutOff,
    renamed,
    renamedTable,
    problemTable,
    problems: Object.fromEntries(problems.counts),
  });
  if (problems.losses === 0 && !isListCutOff) return;
  const lost = problems.losses === 0 ? 'files that are not listed' : plural(problems.losses, 'file');
  throw new AppError('SNAPSHOT_CORRUPT', `${lost} could not be taken out whole`, {
    hint: 'Everything else was written. Another version may have them: `holdfast snapshots` lists all.',
    details: { files, problems: problems.losses },
  });
}
