import { inspect } from 'node:util';

/**
 * A password or key. Nothing shows it by accident: printing, logging or serialising what holds it gives a placeholder.
 * Only `bytes` and `text`, asked for by name, give it out.
 */
export class Secret {
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes);
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** As text, or undefined when it is none: keys and tokens often are binary. */
  get text(): string | undefined {
    const text = this.#bytes.toString('utf8');
    // oxlint-disable-next-line no-control-regex -- what text does not have is looked for
    return /[\0-\x08\x0e-\x1f\ufffd]/.test(text) ? undefined : text;
  }

  toJSON(): string {
    return '(secret)';
  }

  toString(): string {
    return '(secret)';
  }

  [inspect.custom](): string {
    return '(secret)';
  }
}
