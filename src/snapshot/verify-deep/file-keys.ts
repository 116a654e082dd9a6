import type { ClassKeys } from '../../keybag/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { GroupFinding, NamedFile } from './events.ts';
import { Examples } from './examples.ts';

const WRAPPED_BYTES = 44;

/** Unwraps the keys of files, and gathers those that cannot be for a reason that many share: their class. */
export class FileKeys {
  readonly #classKeys: ClassKeys;
  readonly #usable: ReadonlySet<number>;
  readonly #deviceBound: ReadonlySet<number>;
  readonly #withoutKey = new Map<number, { readonly files: Examples; bytes: number }>();
  /** Files that only the device can open. */
  readonly deviceOnly = new Examples();

  constructor(classKeys: ClassKeys) {
    this.#classKeys = classKeys;
    this.#usable = new Set(classKeys.usableClasses);
    this.#deviceBound = new Set(classKeys.deviceBoundClasses);
  }

  /** The key, or why there is none. Those of class `grouped` are told at the end. */
  unwrap(file: NamedFile, wrapped: Buffer, storedBytes: number): Buffer | 'not-unwrapped' | 'wrong-size' | 'grouped' {
    if (wrapped.length !== WRAPPED_BYTES) return 'wrong-size';
    const protectionClass = wrapped.readUInt32LE(0);
    if (this.#deviceBound.has(protectionClass)) {
      this.deviceOnly.add(file);
      return 'grouped';
    }
    if (!this.#usable.has(protectionClass)) {
      this.#groupOf(protectionClass, storedBytes).add(file);
      return 'grouped';
    }
    try {
      return this.#classKeys.unwrapFileKey(wrapped);
    } catch (error) {
      if (!isAppError(error, 'FORMAT_INVALID')) throw error;
      return 'not-unwrapped';
    }
  }

  groupFindings(): GroupFinding[] {
    return Array.from(this.#withoutKey, ([protectionClass, { files, bytes }]) => ({
      kind: 'class-without-key',
      ...files.facts,
      bytes,
      protectionClass,
    }));
  }

  #groupOf(protectionClass: number, storedBytes: number): Examples {
    const group = this.#withoutKey.get(protectionClass) ?? { files: new Examples(), bytes: 0 };
    this.#withoutKey.set(protectionClass, group);
    group.bytes += storedBytes;
    return group.files;
  }
}
