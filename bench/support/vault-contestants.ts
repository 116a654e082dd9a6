import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from './workspace.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const HOLDFAST = [process.execPath, join(ROOT, 'bin', 'holdfast.js')];

/** One way of keeping versions, as command lines. A way that has no answer to a step leaves it out. */
export interface Contestant {
  readonly name: string;
  /** The file system its store is on. */
  readonly workspace: Workspace;
  readonly ingest: () => readonly string[];
  readonly verify?: () => readonly string[];
  /** Writes the newest version, as files of their own, into the folder `out` of the workspace. */
  readonly writeOut?: () => readonly string[];
  readonly prune: () => readonly string[];
}

export const CONTESTANTS: readonly ((source: string, workspace: Workspace) => Contestant)[] = [
  holdfast,
  restic,
  borg,
  linkDest,
  hardLinks,
];

function holdfast(source: string, workspace: Workspace): Contestant {
  const vault = join(workspace.folder('holdfast'), 'vault');
  process.env['HOLDFAST_HOME'] = workspace.folder('holdfast-home');
  return {
    name: 'holdfast',
    workspace,
    ingest: () => [...HOLDFAST, 'import', source, '--vault', vault],
    verify: () => [...HOLDFAST, 'verify', '--vault', vault],
    writeOut: () => [...HOLDFAST, 'export', 'latest', join(workspace.folder('out'), 'version'), '--vault', vault],
    prune: () => [process.execPath, join(import.meta.dirname, 'prune-vault.ts'), vault],
  };
}

function restic(source: string, workspace: Workspace): Contestant {
  const repository = workspace.folder('restic');
  process.env['RESTIC_PASSWORD'] = 'bench';
  process.env['RESTIC_CACHE_DIR'] = workspace.folder('restic-cache');
  const command = (...words: string[]): string[] => ['restic', '-q', '-r', repository, ...words];
  execFileSync('restic', ['-q', '-r', repository, 'init']);
  return {
    name: 'restic',
    workspace,
    ingest: () => command('backup', source),
    verify: () => command('check', '--read-data'),
    writeOut: () => command('restore', 'latest', '--target', workspace.folder('out')),
    prune: () => command('forget', '--keep-last', '1', '--prune'),
  };
}

function borg(source: string, workspace: Workspace): Contestant {
  const repository = join(workspace.folder('borg'), 'repository');
  process.env['BORG_BASE_DIR'] = workspace.folder('borg-home');
  process.env['BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK'] = 'yes';
  execFileSync('borg', ['init', '-e', 'none', repository]);
  let serial = 0;
  return {
    name: 'borg',
    workspace,
    ingest: () => ['borg', 'create', '-C', 'none', `${repository}::v${++serial}`, source],
    verify: () => ['borg', 'check', '--verify-data', repository],
    writeOut: () => ['sh', '-c', `cd ${workspace.folder('out')} && borg extract ${repository}::v${serial}`],
    prune: () => ['sh', '-c', `borg prune --keep-last 1 ${repository} && borg compact ${repository}`],
  };
}

/** A folder per version, unchanged files hard-linked to the version before. It keeps no hashes to verify by. */
function linkDest(source: string, workspace: Workspace): Contestant {
  const versions = workspace.folder('rsync');
  const next = (): string => join(versions, String(readdirSync(versions).length + 1));
  const latest = (): string => join(versions, String(readdirSync(versions).length));
  return {
    name: 'rsync --link-dest',
    workspace,
    ingest: () => ['rsync', '-a', `--link-dest=${latest()}/`, `${source}/`, `${next()}/`],
    verify: () => ['rsync', '-anc', `${source}/`, `${latest()}/`],
    writeOut: () => ['cp', '-a', latest(), join(workspace.folder('out'), 'version')],
    prune: () => ['sh', '-c', `cd ${versions} && ls | sort -n | head -n -1 | xargs rm -rf`],
  };
}

function hardLinks(source: string, workspace: Workspace): Contestant {
  const versions = workspace.folder('cp');
  const script =
    'last=$(ls | sort -n | tail -1); next=$((${last:-0} + 1)); [ -n "$last" ] && cp -al "$last" "$next" || mkdir "$next"';
  return {
    name: 'cp -al + rsync',
    workspace,
    ingest: () => ['sh', '-c', `cd ${versions} && ${script}; rsync -a --delete ${source}/ "$next"/`],
    writeOut: () => [
      'sh',
      '-c',
      `cp -a ${versions}/$(ls ${versions} | sort -n | tail -1) ${join(workspace.folder('out'), 'version')}`,
    ],
    prune: () => ['sh', '-c', `cd ${versions} && ls | sort -n | head -n -1 | xargs rm -rf`],
  };
}
