/** How much may be open at once, and for how long. */
export interface BrowsingLimits {
  /** A version that nobody reads is locked after this. */
  readonly idleMs: number;
  /** Versions open at the same time, of all sessions. The one that was used longest ago gives way. */
  readonly maxUnlocked: number;
  /** Wrong passwords within `triesWithinMs` before the next has to wait. */
  readonly maxWrongPasswords: number;
  readonly triesWithinMs: number;
}

export const DEFAULT_LIMITS: BrowsingLimits = {
  idleMs: 15 * 60_000,
  maxUnlocked: 6,
  maxWrongPasswords: 5,
  triesWithinMs: 10 * 60_000,
};
