import type { TargetSink } from '../../shared/target/backup-target.ts';
import type { LargeObjectWriter } from '../objects/large/large-object-writer.ts';
import type { StoredObject } from '../objects/object-ref.ts';
import { answering } from '../target/target-errors.ts';

/** Is told of the finished object; a promise it returns is waited for. */
type Receive = (object: StoredObject) => void | Promise<void>;

/**
 * A file being received into the object store. A small one costs no promise: its bytes are collected in memory and
 * `finish` returns when it has its place. A class, because the functions of an object literal would be made anew for
 * every file.
 */
export class ObjectSink implements TargetSink {
  readonly #writer: LargeObjectWriter;
  readonly #receive: Receive;

  constructor(writer: LargeObjectWriter, receive: Receive) {
    this.#writer = writer;
    this.#receive = receive;
  }

  write(chunk: Uint8Array): void | Promise<void> {
    return answering(() => this.#writer.write(chunk));
  }

  finish(): void | Promise<void> {
    return answering(() => {
      const object = this.#writer.finish();
      return object instanceof Promise ? object.then(this.#receive) : this.#receive(object);
    });
  }

  discard(): Promise<void> {
    return this.#writer.discard();
  }
}
