import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AppError } from '../errors.ts';

/** Where the product keeps its things when nobody says otherwise. All absolute paths. */
export interface Places {
  readonly vaultDir: string;
  /** Pair records: each is the key to a phone. The folder is 0700, the files 0600. */
  readonly pairRecordsDir: string;
  /** What is remembered between runs and can be lost without losing a backup. */
  readonly stateDir: string;
  /** The settings of the service, which a person may edit. */
  readonly settingsFile: string;
}

/**
 * The folders of the platform: the XDG ones on Linux, Application Support on macOS, LOCALAPPDATA on Windows.
 *
 * @param env `HOLDFAST_VAULT` overrides the vault alone, `HOLDFAST_HOME` gathers everything below one folder.
 */
export function placesFor(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): Places {
  const { dataDir, stateDir, configDir } = baseFolders(env, platform);
  return {
    vaultDir: env['HOLDFAST_VAULT'] || join(dataDir, 'vault'),
    pairRecordsDir: join(dataDir, 'pair-records'),
    stateDir,
    settingsFile: join(configDir, 'settings.json'),
  };
}

interface BaseFolders {
  readonly dataDir: string;
  readonly stateDir: string;
  readonly configDir: string;
}

function baseFolders(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): BaseFolders {
  const gathered = env['HOLDFAST_HOME'];
  if (gathered) return { dataDir: gathered, stateDir: join(gathered, 'state'), configDir: gathered };
  const home = absolute(env['HOME']) ?? homeOfUser();
  if (platform === 'darwin') {
    const dataDir = join(home, 'Library', 'Application Support', 'Holdfast');
    return { dataDir, stateDir: join(dataDir, 'state'), configDir: dataDir };
  }
  if (platform === 'win32') {
    const dataDir = join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Holdfast');
    return { dataDir, stateDir: join(dataDir, 'state'), configDir: dataDir };
  }
  return {
    dataDir: join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'holdfast'),
    stateDir: join(absolute(env['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'holdfast'),
    configDir: join(absolute(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'holdfast'),
  };
}

/** A relative one counts as none, as with XDG: it would be another folder, and another vault, wherever one stands. */
function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

/** As the list of users has it, whatever HOME says. */
function homeOfUser(): string {
  let home: string | undefined;
  try {
    home = absolute(userInfo().homedir);
  } catch {
    // A user without an entry, as in containers.
  }
  if (home !== undefined) return home;
  throw new AppError('USAGE', 'nobody says where this user’s folder is', {
    hint: 'Set HOME, or HOLDFAST_HOME, to the full path of a folder.',
  });
}
