import { TargetError } from '../../shared/target/backup-target.ts';
import { ProtocolError } from '../../shared/errors.ts';
import { parseTargetPath } from '../../shared/target/target-path.ts';

/**
 * Decides which of the device's paths are followed: those inside the directories its job is about. Targets confine
 * too; this keeps count, so that a device that tried to leave is not worked with any longer.
 */
export class PathGuard {
  readonly #directories: ReadonlySet<string>;
  /** The usual paths, recognised at a glance: plain names that do not begin with a dot. */
  readonly #plain: RegExp;
  #breaches = 0;
  #firstBreach = '';

  constructor(directories: readonly string[]) {
    this.#directories = new Set(directories);
    const roots = directories.map((name) => name.replaceAll(/[^0-9A-Za-z]/g, String.raw`\$&`)).join('|');
    this.#plain = new RegExp(`^(?:${roots})(?:/[0-9A-Za-z_-][0-9A-Za-z_.-]{0,63}){0,4}$`);
  }

  /** Why `path` is not followed, or undefined when it may be. */
  refusal(path: string): TargetError | undefined {
    if (this.#plain.test(path)) return undefined;
    const error = this.#check(path);
    if (error !== undefined && error.reason !== 'unsupported') {
      this.#breaches += 1;
      if (this.#breaches === 1) this.#firstBreach = path;
    }
    return error;
  }

  /** @throws {TargetError} invalid-path, when `path` must not be followed. */
  check(path: string): void {
    const refusal = this.refusal(path);
    if (refusal !== undefined) throw refusal;
  }

  /** The error a job ends with once its device has tried to leave, and undefined as long as it has not. */
  get breach(): ProtocolError | undefined {
    if (this.#breaches === 0) return undefined;
    return new ProtocolError('the device named a file outside its own backup', {
      hint: 'Nothing outside was touched. Do not trust this device, or the network between it and this computer.',
      details: { path: JSON.stringify(this.#firstBreach.slice(0, 200)), breaches: this.#breaches },
    });
  }

  /** "<UDID>-20261122-110405": where devices keep an older backup of their own aside. There is no harm in asking. */
  #isCopy(directory: string): boolean {
    const [, original] = /^(.+?)(?:-\d{8}-\d{6})$/.exec(directory) ?? [];
    return original !== undefined && this.#directories.has(original);
  }

  #check(path: string): TargetError | undefined {
    try {
      const [directory = ''] = parseTargetPath(path);
      if (this.#directories.has(directory)) return undefined;
      if (this.#isCopy(directory)) return new TargetError('unsupported', 'nothing is kept beside the backup');
      return new TargetError('invalid-path', `${JSON.stringify(directory.slice(0, 100))} is not part of this backup`);
    } catch (error) {
      if (error instanceof TargetError) return error;
      throw error;
    }
  }
}
