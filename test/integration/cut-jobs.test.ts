/** Restores, password changes and backups over Wi-Fi that are cut or killed. `npm run soak` plays many more rounds. */
import { test } from 'node:test';
import { cutRound, measureConversation } from '../support/cut-rounds.ts';
import { killRound } from '../support/kill-rounds.ts';
import { measurePasswordChange, passwordCutRound, passwordKillRound } from '../support/password-rounds.ts';
import { seedOfRound } from '../support/random.ts';
import { measureRestore, restoreCutRound, restoreKillRound } from '../support/restore-rounds.ts';

const ROUNDS = 2;
const SEED = 17_000;

for (const [nth, { what, prepare }] of [
  {
    what: 'a backup over Wi-Fi, cut at random bytes: no snapshot suffers, and the next run goes on and is right',
    prepare: async () => {
      const kind = { encrypted: true, full: false, wifi: true };
      const length = await measureConversation(kind);
      return (seed: number) => cutRound({ ...kind, seed, length });
    },
  },
  {
    what: 'a restore, cut at random bytes: the phone is as before or as the snapshot says, and the next one is right',
    prepare: async () => {
      const kind = { encrypted: true, wifi: false };
      const length = await measureRestore(kind);
      return (seed: number) => restoreCutRound({ ...kind, seed, length });
    },
  },
  {
    what: 'a restore over Wi-Fi, cut at random bytes: the same',
    prepare: async () => {
      const kind = { encrypted: false, wifi: true };
      const length = await measureRestore(kind);
      return (seed: number) => restoreCutRound({ ...kind, seed, length });
    },
  },
  {
    what: 'a password change, cut at random bytes: made again, and every snapshot opens with the password it had',
    prepare: async () => {
      const change = { kind: 'change', wifi: false } as const;
      const length = await measurePasswordChange(change);
      return (seed: number) => passwordCutRound({ ...change, seed, length });
    },
  },
  {
    what: 'encryption turned on over Wi-Fi, cut at random bytes: turned on again, and the next backup is encrypted',
    prepare: async () => {
      const change = { kind: 'on', wifi: true } as const;
      const length = await measurePasswordChange(change);
      return (seed: number) => passwordCutRound({ ...change, seed, length });
    },
  },
  {
    what: 'a backup over Wi-Fi, killed at random moments: no snapshot suffers',
    prepare: async () => (seed: number) => killRound({ encrypted: false, full: true, wifi: true, seed }),
  },
  {
    what: 'a restore, killed at random moments: the phone is as before or as the snapshot says',
    prepare: async () => (seed: number) => restoreKillRound({ encrypted: true, wifi: false, seed }),
  },
  {
    what: 'a password change, killed at random moments: made again, and every snapshot opens',
    prepare: async () => (seed: number) => passwordKillRound({ kind: 'change', wifi: true, seed }),
  },
  {
    what: 'encryption turned off, killed at random moments: turned off again, and every snapshot opens',
    prepare: async () => (seed: number) => passwordKillRound({ kind: 'off', wifi: false, seed }),
  },
].entries()) {
  test(what, async (t) => {
    const round = await prepare();
    for (let i = 0; i < ROUNDS; i++) {
      const seed = seedOfRound(SEED + 100 * nth, i);
      for (const end of await round(seed)) t.diagnostic(`seed ${seed}: ${end}`);
    }
  });
}
