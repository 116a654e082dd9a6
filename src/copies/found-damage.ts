import type { VerifyCopyEvent } from './copy.ts';
import type { Attempt } from './history.ts';

/** What a verification finds and mends as it goes: known also of one that does not come to its end. */
export class FoundDamage {
  #problems = 0;
  #repaired = 0;
  /** How many problems there are with each snapshot that is not whole there. */
  readonly #bySnapshot = new Map<string, number>();

  note(event: VerifyCopyEvent): void {
    if (event.kind === 'problem') {
      this.#problems++;
      const snapshot = snapshotIn(event.details);
      if (snapshot !== undefined) this.#bySnapshot.set(snapshot, (this.#bySnapshot.get(snapshot) ?? 0) + 1);
    } else if (event.kind === 'repaired') {
      this.#repaired += event.problems ?? 1;
      const snapshot = snapshotIn(event.details);
      if (snapshot !== undefined) this.#bySnapshot.delete(snapshot);
    }
  }

  facts(): Pick<Attempt, 'problems' | 'repaired' | 'incomplete' | 'inSnapshots'> {
    const incomplete = [...this.#bySnapshot.keys()];
    const inSnapshots = this.#bySnapshot.values().reduce((sum, count) => sum + count, 0);
    return {
      problems: this.#problems,
      repaired: this.#repaired,
      ...(incomplete.length > 0 && { incomplete, inSnapshots }),
    };
  }
}

function snapshotIn({ problem, snapshot }: Readonly<Record<string, string | number>>): string | undefined {
  return problem === 'snapshot' && typeof snapshot === 'string' ? snapshot : undefined;
}
