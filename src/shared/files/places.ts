import { homedir } from 'node:os';
import { join } from 'node:path';

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
  const home = env['HOME'] || homedir();
  if (platform === 'darwin') {
    const dataDir = join(home, 'Library', 'Application Support', 'Holdfast');
    return { dataDir, stateDir: join(dataDir, 'state'), configDir: dataDir };
  }
  if (platform === 'win32') {
    const dataDir = join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'Holdfast');
    return { dataDir, stateDir: join(dataDir, 'state'), configDir: dataDir };
  }
  return {
    dataDir: join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), 'holdfast'),
    stateDir: join(env['XDG_STATE_HOME'] || join(home, '.local', 'state'), 'holdfast'),
    configDir: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'holdfast'),
  };
}
