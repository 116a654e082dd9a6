import type { Catalogue } from '../catalogue/catalogue.ts';
import { isPackedPlace, takenBytes } from '../objects/large/own-file.ts';
import { OWN_FILE } from '../objects/places/place-list.ts';
import { PrefixTable } from '../references/prefix-table.ts';

/** What large objects take that are packed, as far as the catalogue knows. All others take their size. */
export class PackedSizes {
  /** In the order in which `#numbers` counts them. */
  readonly #bytes: number[] = [];
  readonly #numbers = new PrefixTable();

  constructor(catalogue: Catalogue) {
    for (const { hash, ...place } of catalogue.objectsIn(OWN_FILE)) {
      if (!isPackedPlace(place)) continue;
      const words = Buffer.from(hash);
      this.#numbers.set(words.readUInt32BE(0), words.readUInt32BE(4), this.#bytes.push(takenBytes(place)) - 1);
    }
  }

  /** What an object takes, by the first words of its hash. */
  takenBy(high: number, low: number, sizeBytes: number): number {
    return this.#bytes[this.#numbers.get(high, low) ?? -1] ?? sizeBytes;
  }
}
