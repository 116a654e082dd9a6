import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Settings, type SettingsPatch } from '../../contract/index.ts';
import { AppError, isAppError, systemErrorCode } from '../../shared/errors.ts';
import { replaceFile } from '../../shared/files/write-file.ts';
import { checkSettings, mergePatch, parseSettings, type ParsedSettings } from './parse-settings.ts';
import { writeFailure } from '../../shared/files/write-failure.ts';

/** How often the file is looked at: a person who saved it finds it in use when they look. */
const LOOK_MS = 2_000;
const BEING_WRITTEN_MS = 100;
const NOTHING_SAID: ParsedSettings = { said: {}, settings: Settings.parse({}) };

export interface SettingsStoreOptions {
  readonly file: string;
  /** Where the last good settings are kept, for a start with a broken file. */
  readonly stateDir: string;
  /** What is no AppError. */
  readonly onBug: (error: unknown) => void;
}

/**
 * The settings as they are in their file, followed as it changes. A file that cannot be understood changes nothing: the
 * last good settings stay, and `problem` says what is wrong.
 */
export class SettingsStore implements Disposable {
  readonly #options: SettingsStoreOptions;
  readonly #listeners = new Set<() => void>();
  #parsed = NOTHING_SAID;
  #problem: AppError | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #look: () => void;

  private constructor(options: SettingsStoreOptions) {
    this.#options = options;
    this.#look = () => void this.reload().catch(options.onBug);
  }

  /** Reads the settings and begins to follow them. Without a file they are as they come. */
  static async open(options: SettingsStoreOptions): Promise<SettingsStore> {
    const store = new SettingsStore(options);
    store.#parsed = (await store.#lastGood()) ?? NOTHING_SAID;
    await store.reload();
    watchFile(options.file, { interval: LOOK_MS, persistent: false }, store.#look);
    return store;
  }

  read(): Settings {
    return this.#parsed.settings;
  }

  /** Only what a person has said, as it stands in the file. */
  said(): SettingsPatch {
    return this.#parsed.said;
  }

  /** Why the file is not in use as it stands. */
  get problem(): AppError | undefined {
    return this.#problem;
  }

  /** Calls `listener` when the settings have changed, or their problem has. */
  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * Changes settings, durably. The file then says what a person has said and nothing else.
   *
   * @throws {AppError} SETTINGS_INVALID when the change, or what stands in the file, is not allowed; OUT_OF_SPACE,
   * STORAGE_FAILED
   */
  async write(patch: SettingsPatch): Promise<Settings> {
    return this.#inTurn(async () => {
      const { file } = this.#options;
      const current = await this.#readFile();
      const { said } = current ?? NOTHING_SAID;
      const next = checkSettings(mergePatch(said, patch), file);
      this.#replace(file, next.said);
      this.#use(next);
      return next.settings;
    });
  }

  /** Reads the file again. */
  async reload(): Promise<void> {
    await this.#inTurn(async () => {
      try {
        this.#use((await this.#readWhole()) ?? NOTHING_SAID);
      } catch (error) {
        if (!isAppError(error)) throw error;
        const isNews = this.#problem?.message !== error.message;
        this.#problem = error;
        if (isNews) this.#tell();
      }
    });
  }

  [Symbol.dispose](): void {
    unwatchFile(this.#options.file, this.#look);
    this.#listeners.clear();
  }

  #use(next: ParsedSettings): void {
    const isNews = this.#problem !== undefined || JSON.stringify(next.said) !== JSON.stringify(this.#parsed.said);
    this.#parsed = next;
    this.#problem = undefined;
    if (!isNews) return;
    try {
      this.#replace(this.#lastGoodFile, next.said);
    } catch (error) {
      // It serves only a start with a broken file.
      if (!isAppError(error)) throw error;
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** One after another, in the order in which they were asked for. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  get #lastGoodFile(): string {
    return join(this.#options.stateDir, 'settings.last-good.json');
  }

  /** Undefined where there is none. @throws {AppError} SETTINGS_INVALID, STORAGE_FAILED */
  async #readFile(): Promise<ParsedSettings | undefined> {
    const { file } = this.#options;
    const text = await readText(file);
    return text === undefined ? undefined : parseSettings(text, file);
  }

  /** A file that says nothing at all may be in the middle of being written: many programs empty it first. */
  async #readWhole(): Promise<ParsedSettings | undefined> {
    const parsed = await this.#readFile();
    if (parsed === undefined || Object.keys(parsed.said).length > 0) return parsed;
    await setTimeout(BEING_WRITTEN_MS);
    return this.#readFile();
  }

  async #lastGood(): Promise<ParsedSettings | undefined> {
    try {
      const text = await readText(this.#lastGoodFile);
      return text === undefined ? undefined : parseSettings(text, this.#lastGoodFile);
    } catch (error) {
      if (isAppError(error)) return undefined;
      throw error;
    }
  }

  #replace(file: string, said: SettingsPatch): void {
    try {
      replaceFile(file, Buffer.from(`${JSON.stringify(said, undefined, 2)}\n`));
    } catch (cause) {
      throw storageFailed(file, 'written', cause);
    }
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(cause) ?? '')) return undefined;
    throw storageFailed(file, 'read', cause);
  }
}

function storageFailed(file: string, done: 'read' | 'written', cause: unknown): unknown {
  return writeFailure(
    cause,
    `the settings in ${file} could not be ${done}`,
    'Check who owns that file, and whether its disk is writable.',
  );
}
