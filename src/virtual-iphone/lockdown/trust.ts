/**
 * How the person answers "Trust This Computer?":
 * `accept` at once · `deny` at once · `pending` leaves the dialog open for so many requests, then answers ·
 * `ask` leaves it open until the behaviour is changed.
 */
export type TrustBehaviour =
  | { readonly mode: 'accept' }
  | { readonly mode: 'deny' }
  | { readonly mode: 'ask' }
  | { readonly mode: 'pending'; readonly times: number; readonly answer?: 'accept' | 'deny' };

/** The Trust dialog and the person who answers it. */
export class TrustDialog {
  #behaviour: TrustBehaviour;
  /** HostID → how often that computer was told to wait. */
  readonly #waited = new Map<string, number>();

  constructor(behaviour: TrustBehaviour) {
    this.#behaviour = behaviour;
  }

  /** Changes what the person does from now on. */
  set(behaviour: TrustBehaviour): void {
    this.#behaviour = behaviour;
    this.#waited.clear();
  }

  answer(hostId: string): 'accept' | 'deny' | 'pending' {
    const behaviour = this.#behaviour;
    if (behaviour.mode === 'accept' || behaviour.mode === 'deny') return behaviour.mode;
    if (behaviour.mode === 'ask') return 'pending';
    const waited = this.#waited.get(hostId) ?? 0;
    if (waited < behaviour.times) {
      this.#waited.set(hostId, waited + 1);
      return 'pending';
    }
    this.#waited.delete(hostId);
    return behaviour.answer ?? 'accept';
  }
}
