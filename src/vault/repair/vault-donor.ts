import type { ListStore } from '../lists/list-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { SnapshotStore } from '../snapshots/snapshot-store.ts';
import type { FetchedObject, ObjectDonor, WantedObject } from './donor.ts';

interface VaultDonorHost {
  readonly objects: ObjectStore;
  readonly lists: ListStore;
  readonly snapshots: SnapshotStore;
}

/** Another vault as a donor. It need only be open for reading. */
export function vaultDonor({ objects, lists, snapshots }: VaultDonorHost, name: string): ObjectDonor {
  return {
    name,
    lists,
    async *objects(wanted: readonly WantedObject[]): AsyncGenerator<FetchedObject, undefined> {
      for (const { sha256 } of wanted) {
        const hash = Buffer.from(sha256, 'hex');
        if (objects.has(hash)) yield { sha256, chunks: objects.read(hash) };
      }
    },
    record: async (udid, id) => {
      const record = snapshots.list(udid).find((each) => each.id === id);
      return record && snapshots.bytesOf(record);
    },
  };
}
