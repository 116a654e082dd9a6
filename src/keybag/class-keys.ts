import { hkdfSync } from 'node:crypto';
import { FormatError } from '../shared/errors.ts';
import { KeyUnwrapper, WRAPPED_KEY_BYTES, wrapKey } from './key-wrap.ts';

const CLASS_BYTES = 4;
/** A file's key as manifests carry it: u32 little-endian protection class, then the wrapped key. */
const FILE_KEY_BYTES = CLASS_BYTES + WRAPPED_KEY_BYTES;

/** The unlocked keys of a keybag. Kept in private fields, so that no log or error can show them by accident. */
export class ClassKeys {
  readonly #keys: ReadonlyMap<number, Buffer>;
  readonly #deviceBound: ReadonlyMap<number, Buffer>;
  readonly #damaged: ReadonlySet<number>;
  readonly #unwrappers = new Map<number, KeyUnwrapper>();
  #isWiped = false;

  /**
   * @param keys 32 bytes by protection class.
   * @param deviceBound what the password gave for classes whose keys are encrypted by the device once more.
   * @param damaged classes whose keys the password should have opened, and did not.
   */
  constructor(
    keys: ReadonlyMap<number, Buffer>,
    deviceBound: ReadonlyMap<number, Buffer> = new Map(),
    damaged: ReadonlySet<number> = new Set(),
  ) {
    this.#keys = keys;
    this.#deviceBound = deviceBound;
    this.#damaged = damaged;
  }

  /** The classes whose content can be read, ascending. */
  get usableClasses(): number[] {
    return [...this.#keys.keys()].toSorted((a, b) => a - b);
  }

  /** The classes whose content only the device it came from can read, ascending: 5, 9, 10 and 11 in real backups. */
  get deviceBoundClasses(): number[] {
    return [...this.#deviceBound.keys()].toSorted((a, b) => a - b);
  }

  /** The classes whose keys are damaged in the keybag, ascending. */
  get damagedClasses(): number[] {
    return [...this.#damaged].toSorted((a, b) => a - b);
  }

  /**
   * A secret for a purpose of our own: always the same for the same keys, and telling nothing about them. 32 bytes.
   * Who has the password of a backup can make it, and nobody else.
   *
   * @throws {FormatError} when the keys were wiped.
   */
  deriveSecret(purpose: string): Buffer {
    if (this.#isWiped) throw new FormatError('the backup was locked');
    const keys = this.usableClasses.flatMap((each) => this.#keys.get(each) ?? []);
    return Buffer.from(hkdfSync('sha256', Buffer.concat(keys), Buffer.alloc(0), purpose, 32));
  }

  /**
   * Unwraps the key of a file, or of Manifest.db.
   *
   * @param wrapped 44 bytes: u32 little-endian class, wrapped key.
   * @throws {FormatError} when it is of another size, its class has no usable key, or it is damaged.
   */
  unwrapFileKey(wrapped: Uint8Array): Buffer {
    if (wrapped.length !== FILE_KEY_BYTES) {
      throw new FormatError('a file key has the wrong size', { details: { sizeBytes: wrapped.length } });
    }
    const protectionClass = Buffer.from(wrapped.buffer, wrapped.byteOffset, CLASS_BYTES).readUInt32LE(0);
    return this.unwrap(protectionClass, wrapped.subarray(CLASS_BYTES));
  }

  /**
   * Unwraps 40 bytes with the key of a class, as keychain items need it.
   *
   * @throws {FormatError} as `unwrapFileKey`.
   */
  unwrap(protectionClass: number, wrapped: Uint8Array): Buffer {
    const key = this.#unwrapperOf(protectionClass).unwrap(wrapped);
    if (key === undefined) throw new FormatError('a file key is damaged', { details: { protectionClass } });
    return key;
  }

  /** The counterpart of `unwrapFileKey`. @throws {FormatError} when the class has no usable key. */
  wrapFileKey(protectionClass: number, key: Uint8Array): Buffer {
    const prefix = Buffer.alloc(CLASS_BYTES);
    prefix.writeUInt32LE(protectionClass);
    return Buffer.concat([prefix, wrapKey(this.#keyOf(protectionClass), key)]);
  }

  /** Wraps the key of a class, device-bound or not, for a keybag. Undefined when there is none. */
  wrapClassKey(protectionClass: number, wrappingKey: Uint8Array): Buffer | undefined {
    const key = this.#keys.get(protectionClass) ?? this.#deviceBound.get(protectionClass);
    return key && wrapKey(wrappingKey, key);
  }

  /**
   * Overwrites the keys; nothing can be read with them afterwards. What OpenSSL has made of them goes when it is
   * collected.
   */
  wipe(): void {
    for (const key of [...this.#keys.values(), ...this.#deviceBound.values()]) key.fill(0);
    this.#unwrappers.clear();
    this.#isWiped = true;
  }

  #unwrapperOf(protectionClass: number): KeyUnwrapper {
    let unwrapper = this.#unwrappers.get(protectionClass);
    if (unwrapper === undefined) {
      unwrapper = new KeyUnwrapper(this.#keyOf(protectionClass));
      this.#unwrappers.set(protectionClass, unwrapper);
    }
    return unwrapper;
  }

  #keyOf(protectionClass: number): Buffer {
    const key = this.#isWiped ? undefined : this.#keys.get(protectionClass);
    if (key === undefined) {
      const why = this.#isWiped
        ? 'the backup was locked'
        : this.#deviceBound.has(protectionClass)
          ? 'only the device can open it'
          : this.#damaged.has(protectionClass)
            ? 'its key in the keybag is damaged'
            : 'the keybag has no key for it';
      throw new FormatError(`protection class ${protectionClass} cannot be read: ${why}`, {
        details: { protectionClass },
      });
    }
    return key;
  }
}
