/** Whoever reads content: a session of the web interface, a token, or the command line of this computer. */
export interface Visitor {
  /** What unlocked versions belong to. Two sessions of one account unlock for themselves. */
  readonly id: string;
  /** Undefined for the user of this computer itself. */
  readonly accountId: string | undefined;
  /** Aborted when the session ends: everything it unlocked is locked then. */
  readonly ended: AbortSignal;
}
