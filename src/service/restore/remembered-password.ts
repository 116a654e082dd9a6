import { isAppError } from '../../shared/errors.ts';
import { type ManifestFacts, passwordNeeded, unlockBackup } from '../../snapshot/index.ts';
import { type AskPassword, type OpenForReadingRequest, passwordOf } from '../reading/open-for-reading.ts';

/** The password a backup was opened with: the device wants it, too. */
export class RememberedPassword {
  readonly #request: Pick<OpenForReadingRequest, 'password' | 'signal'>;
  #given: string | undefined;

  constructor(request: Pick<OpenForReadingRequest, 'password' | 'signal'>) {
    this.#request = request;
  }

  /** The last one that was given; undefined when nobody was asked yet. */
  get given(): string | undefined {
    return this.#given;
  }

  readonly ask: AskPassword = async (again, of) => {
    this.#given = await this.#request.password(again, of);
    return this.#given;
  };

  /** Asked for where this process knew the keys without it. @throws {AppError} WRONG_PASSWORD */
  async of(facts: ManifestFacts): Promise<string> {
    for (let again = false; this.#given === undefined; again = true) {
      const password = await this.ask(again, passwordOf(facts));
      if (password === undefined) throw passwordNeeded();
      try {
        await unlockBackup(facts, password, this.#request.signal);
      } catch (error) {
        if (!isAppError(error, 'WRONG_PASSWORD')) throw error;
        this.#given = undefined;
      }
    }
    return this.#given;
  }
}
