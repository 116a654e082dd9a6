import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { AppError, systemErrorCode } from '../../shared/errors.ts';
import { makeFolders } from '../../shared/files/make-folders.ts';

/** Accounts, and the devices whose kept password they let open their content. */
const Choices = z.record(z.string(), z.array(z.string()));
type Choices = z.infer<typeof Choices>;

/**
 * Who has chosen that the backup password kept on this computer opens content for them. Without such a choice kept
 * passwords are for backups and checks by the service alone. No secret lies in the file; it is the owner's all the same.
 */
export class KeptPasswordChoices {
  readonly #path: string;

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'browsing.json');
  }

  has(accountId: string | undefined, udid: string): boolean {
    return accountId !== undefined && (this.#read()[accountId] ?? []).includes(udid);
  }

  /** @throws {AppError} STORAGE_FAILED */
  set(accountId: string, udid: string, isChosen: boolean): void {
    const choices = this.#read();
    const others = (choices[accountId] ?? []).filter((each) => each !== udid);
    this.#write({ ...choices, [accountId]: isChosen ? [...others, udid] : others });
  }

  /** A file that is damaged has chosen nothing: the password is asked for. */
  #read(): Choices {
    try {
      return Choices.parse(JSON.parse(readFileSync(this.#path, 'utf8')));
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT' || error instanceof SyntaxError || error instanceof z.ZodError) return {};
      throw storageFailed(this.#path, error);
    }
  }

  #write(choices: Choices): void {
    const draft = `${this.#path}.${process.pid}.part`;
    try {
      makeFolders(dirname(this.#path), 0o700);
      writeFileSync(draft, `${JSON.stringify(choices, null, 2)}\n`, { mode: 0o600, flush: true });
      renameSync(draft, this.#path);
    } catch (error) {
      throw storageFailed(this.#path, error);
    }
  }
}

function storageFailed(path: string, cause: unknown): unknown {
  if (systemErrorCode(cause) === undefined) return cause;
  return new AppError('STORAGE_FAILED', `what was chosen for kept passwords could not be read or written in ${path}`, {
    hint: 'Check who owns that folder, and whether its disk is writable.',
    cause,
  });
}
