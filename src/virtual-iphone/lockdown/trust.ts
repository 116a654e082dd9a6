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
  /** How many requests found the dialog open. Not by HostID: some clients make a new one for every try. */
  #waited = 0;

  constructor(behaviour: TrustBehaviour) {
    this.#behaviour = behaviour;
  }

  /** Changes what the person does from now on. */
  set(behaviour: TrustBehaviour): void {
    this.#behaviour = behaviour;
    this.#waited = 0;
  }

  answer(): 'accept' | 'deny' | 'pending' {
    const behaviour = this.#behaviour;
    if (behaviour.mode === 'accept' || behaviour.mode === 'deny') return behaviour.mode;
    if (behaviour.mode === 'ask' || this.#waited++ < behaviour.times) return 'pending';
    this.#waited = 0;
    return behaviour.answer ?? 'accept';
  }
}
