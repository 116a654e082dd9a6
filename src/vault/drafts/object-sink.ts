import type { TargetSink } from '../../shared/target/backup-target.ts';
import type { StoredObject } from '../objects/object-ref.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import { answering } from '../target/target-errors.ts';

/**
 * A file being received into the object store. A small one costs no promise: its bytes are collected in memory and
 * `finish` returns when it has its place.
 *
 * @param receive is told of the finished object; a promise it returns is waited for.
 */
export function createObjectSink(
  objects: ObjectStore,
  receive: (object: StoredObject) => void | Promise<void>,
): TargetSink {
  const writer = objects.createLarge();
  return {
    write: (chunk) => answering(() => writer.write(chunk)),
    finish: () =>
      answering(() => {
        const object = writer.finish();
        return object instanceof Promise ? object.then(receive) : receive(object);
      }),
    discard: () => writer.discard(),
  };
}
