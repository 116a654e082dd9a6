import { readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  assertApart,
  changeCopy,
  changeCopySecrets,
  findEntry,
  folderOf,
  readCopies,
  readRegistry,
  removeCopy,
  type AddedCopy as Added,
} from '../../copies/index.ts';
import {
  because,
  type AddedCopy,
  type CopyPatch,
  type CopySecretsPatch,
  type Job,
  type NewCopy,
} from '../../contract/index.ts';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import type { Places } from '../../shared/files/places.ts';
import { isInFolder, realPlace } from '../../shared/files/real-place.ts';
import { isPlaceForVault, VAULT_MARK } from '../../vault/index.ts';
import type { ServiceClock } from '../clock.ts';
import { copiesContext } from '../copies/copies-context.ts';
import { setUpCopy } from '../copies/set-up-copy.ts';
import { overviewOf } from './copies-overview.ts';

export interface CopyListOptions {
  readonly places: Pick<Places, 'stateDir' | 'pairRecordsDir'>;
  readonly vaultDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: ServiceClock;
  /** What runs now. */
  readonly jobs: () => readonly Job[];
  readonly onChange: () => void;
}

/** Where the system keeps its own. What is plugged in appears below /run/media, which may be used. */
const SYSTEM = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/proc', '/run', '/sbin', '/sys', '/usr'];
const PLUGGED_IN = '/run/media';

/** The list of copies as it is changed from a page: what the command line does, with more care about where. */
export class CopyList {
  readonly #options: CopyListOptions;
  /** One change after the other: each reads the list and writes it whole. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: CopyListOptions) {
    this.#options = options;
  }

  /**
   * Sets up a copy. Its password is made, and told in the answer alone, where none is given.
   *
   * @throws {AppError} ALREADY_THERE, COPY_REFUSED, FOLDER_NOT_EMPTY, COPY_UNEXPECTED, WRONG_PASSWORD, PROGRAM_MISSING,
   * COPY_UNREACHABLE, COPY_FAILED, VAULT_NOT_FOUND, OUT_OF_SPACE, STORAGE_FAILED
   */
  add(wanted: NewCopy, signal?: AbortSignal): Promise<AddedCopy> {
    return this.#inTurn(async () => {
      const { places, vaultDir, env } = this.#options;
      await this.#assertFree(wanted.name);
      const folder = wanted.kind === 'folder' ? wanted.dir : folderOf(wanted.repository);
      if (folder !== undefined) this.#assertMayBeIn(folder, wanted.kind);
      const { stateDir } = places;
      const copy =
        wanted.kind === 'folder'
          ? { ...wanted, dir: resolve(wanted.dir) }
          : { ...wanted, credentials: withoutGaps(wanted.credentials) };
      const added = await setUpCopy({ vaultDir, stateDir, env, signal }, copy);
      return await this.#answer(added);
    });
  }

  /** @throws {AppError} COPY_NOT_FOUND, STORAGE_FAILED, OUT_OF_SPACE */
  change(name: string, patch: CopyPatch): Promise<void> {
    return this.#inTurn(() => changeCopy(this.#options.places, name, patch));
  }

  /**
   * Changes what a repository is opened with, once that has opened it; until then the old stays.
   *
   * @throws {AppError} as `changeCopySecrets`
   */
  changeSecrets(name: string, { password, credentials }: CopySecretsPatch, signal?: AbortSignal): Promise<void> {
    const { places, env } = this.#options;
    const secrets = { password, ...(credentials && { credentials: withoutGaps(credentials) }) };
    return this.#inTurn(() => changeCopySecrets(copiesContext(places, env), name, secrets, signal));
  }

  /** Forgets a copy and its password; what lies there stays. @throws {AppError} COPY_NOT_FOUND, VAULT_BUSY, STORAGE_FAILED */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const { places, env, jobs } = this.#options;
      await findEntry(places.stateDir, name);
      if (jobs().some(({ result }) => result?.['copy'] === name)) {
        throw new AppError('VAULT_BUSY', `something is being done with the copy ${name} at this moment`, {
          hint: 'Wait until it has come to its end, or stop it.',
        });
      }
      await removeCopy(copiesContext(places, env), name);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work).then((result) => {
      this.#options.onChange();
      return result;
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #assertFree(name: string): Promise<void> {
    const { stateDir } = this.#options.places;
    if (!(await readRegistry(stateDir)).some((entry) => entry.name === name)) return;
    throw new AppError('ALREADY_THERE', `there is a copy called ${name} already`, { hint: 'Choose another name.' });
  }

  /** A page makes the service write into a folder: one that is empty, that is nobody else's, and whose disk is there. */
  #assertMayBeIn(dir: string, kind: NewCopy['kind']): void {
    const { places, vaultDir } = this.#options;
    assertApart(dir, vaultDir, 'the backups');
    assertApart(dir, places.stateDir, 'what the service remembers');
    assertApart(dir, places.pairRecordsDir, 'the keys to the devices');
    const place = realPlace(dir);
    if (SYSTEM.some((folder) => isInFolder(place, folder)) && !isInFolder(place, PLUGGED_IN)) {
      throw new AppError('COPY_REFUSED', `a copy cannot be in ${dir}: the system keeps its own there`, {
        hint: 'Choose a folder on another disk.',
      });
    }
    const names = namesIn(dir);
    const parent = dirname(resolve(dir));
    if (names === undefined && namesIn(parent) === undefined) {
      throw new AppError('COPY_REFUSED', `there is no folder ${parent} in which the copy could be made`, {
        hint: 'Connect or mount its disk, or correct the path.',
      });
    }
    // What a file system puts into itself, as into a disk that was formatted just now, is nothing else.
    if (kind === 'restic' || names?.includes(VAULT_MARK) === true || isPlaceForVault(dir)) return;
    throw new AppError('FOLDER_NOT_EMPTY', `something else is in ${dir}`, {
      hint: 'Choose an empty or a new folder, or that of an earlier copy.',
    });
  }

  async #answer({ entry, isFound, madePassword, warnings }: Added): Promise<AddedCopy> {
    const { places, clock, jobs } = this.#options;
    const status = (await readCopies(places, clock.now())).find((each) => each.entry.name === entry.name);
    if (status === undefined) throw new Error('a copy that was added just now is in the list');
    return {
      copy: overviewOf(status, jobs()),
      found: isFound,
      ...(madePassword === undefined ? {} : { password: madePassword }),
      warnings: warnings.map((warning) =>
        warning === 'same-disk' ? because('copy-on-vault-disk', { copy: entry.name }) : because('restic-is-old', {}),
      ),
    };
  }
}

/** What is in a folder; undefined where there is none. */
function namesIn(dir: string): string[] | undefined {
  try {
    return readdirSync(dir);
  } catch (error) {
    const systemCode = systemErrorCode(error);
    if (systemCode === 'ENOENT') return undefined;
    if (systemCode === undefined) throw error;
    throw new AppError('COPY_REFUSED', `the service cannot look into ${dir}`, {
      hint: 'Check that it is a folder, and that the user the service runs as may write there.',
      details: { systemCode },
      cause: error,
    });
  }
}

function withoutGaps(credentials: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(credentials).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
