import type { NoValues } from './reason-values.ts';

interface Version {
  readonly version: string;
  readonly takenAt: string;
}

interface Piece {
  readonly device: string;
  readonly version: string;
  readonly path: string;
  readonly bytes: number;
}

interface Found {
  readonly files: number;
  /** One of them, by its place in the backup. */
  readonly example: string;
}

/** What a checkup has found, and how. */
export type CheckupReasons = {
  // The verdict.
  'checkup-safe': { readonly proven: number };
  'checkup-safe-with-gaps': { readonly proven: number; readonly unproven: number };
  'checkup-safe-after-repair': { readonly repaired: number };
  'checkup-attention': { readonly points: number };
  'checkup-at-risk': { readonly points: number };
  'checkup-nothing': NoValues;

  // What is stored on this computer.
  'vault-read': {
    readonly bytes: number;
    readonly pieces: number;
    readonly versions: number;
    readonly since: string;
  };
  'vault-part-read': { readonly bytes: number; readonly totalBytes: number; readonly since: string };
  'vault-not-read': { readonly totalBytes: number };
  'vault-lists-read': { readonly versions: number; readonly devices: number };
  'vault-damaged': { readonly places: number; readonly files: number };
  'vault-repaired': { readonly places: number };
  /** `error` is one of the codes in docs/exit-codes.md. */
  'vault-unreadable': { readonly error: string };
  'piece-changed': Piece;
  'piece-missing': Piece;
  'piece-unreadable': Piece;
  'piece-fetched': Piece & { readonly copy: string };
  /** It was stored in two files, and one of them is whole. */
  'piece-kept': Piece;
  'piece-unneeded': { readonly bytes: number; readonly path: string };
  'pieces-alike': { readonly files: number };
  'record-damaged': { readonly path: string };
  'record-fetched': { readonly path: string; readonly copy: string };
  'list-damaged': { readonly versions: string };
  'list-fetched': { readonly versions: string; readonly copy: string };
  'index-damaged': { readonly path: string };
  'index-rewritten': { readonly path: string };
  'base-damaged': { readonly path: string };
  'base-rewritten': { readonly path: string };
  'copy-not-asked': { readonly copy: string; readonly error: string };
  'and-more': { readonly count: number };

  // Whether versions come back.
  'version-proven': Version & { readonly files: number; readonly bytes: number };
  'version-failed': Version & { readonly problems: number };
  'version-no-password': Version;
  'version-broken': Version & { readonly error: string };
  'version-not-tried': Version & { readonly provenAt?: string };
  'version-only-there': Version & { readonly copy: string };
  'version-decrypted': { readonly files: number };
  'version-digests': { readonly matched: number; readonly without: number };
  'version-databases': { readonly databases: number };
  'found-missing': Found;
  'found-changed': Found;
  'found-cut-off': Found;
  'found-without-key': Found;
  'found-undecryptable': Found;
  'found-unreadable': Found;
  'found-database': Found;
  'found-property-list': Found;
  'found-manifest-damaged': NoValues;

  // Passwords.
  'passwords-open': { readonly versions: number };
  'passwords-not-needed': { readonly versions: number };
  'passwords-not-kept': { readonly versions: number };
  'passwords-closed': { readonly versions: number; readonly total: number };
  'passwords-damaged': { readonly versions: number };
  'passwords-sealed': { readonly error: string };

  // Copies.
  'copy-read': { readonly versions: number; readonly bytes: number };
  'copy-part-read': { readonly part: number; readonly parts: number };
  'copy-all-parts-since': { readonly since: string };
  'copy-parts-left': { readonly parts: number };
  'copy-same': { readonly device: string; readonly version: string };
  'copy-sample': {
    readonly device: string;
    readonly version: string;
    readonly files: number;
    readonly bytes: number;
  };
  'copy-behind': { readonly versions: number };
  'copy-damaged': { readonly places: number };
  'copy-repaired': { readonly places: number };
  'copy-unreachable': { readonly provenAt?: string };
  'copy-broken': { readonly error: string };
  'copy-not-tried': { readonly provenAt?: string };
  'copy-none': NoValues;
  'copy-program-said': { readonly words: string };
  'copy-differs': { readonly version: string; readonly path: string };
  'copy-lacks-files': { readonly version: string; readonly files: number };

  // Backups.
  'backup-recent': { readonly at: string; readonly dueAt?: string };
  'backup-late': { readonly at: string; readonly days: number };
  'backup-paused': { readonly at: string; readonly until: string };

  // Disks, space and the clock.
  'disk-healthy': { readonly disk: string };
  'disk-hours': { readonly hours: number };
  'disk-celsius': { readonly celsius: number };
  'disk-used-up': { readonly percent: number };
  'disk-failing': { readonly disk: string };
  'disk-bad-places': { readonly disk: string; readonly places: number };
  'disk-worn': { readonly disk: string; readonly percent: number };
  'disk-no-program': NoValues;
  'disk-no-rights': { readonly disk: string };
  'disk-says-nothing': { readonly disk: string };
  'space-lasts': { readonly freeBytes: number };
  'space-full-on': { readonly freeBytes: number; readonly perDayBytes: number; readonly fullOn: string };
  'space-unforeseen': { readonly freeBytes: number };
  'space-used-up': { readonly freeBytes: number };
  'clock-agrees': { readonly at: string };
  'clock-set-by-network': NoValues;
  'clock-behind': { readonly at: string; readonly known: string };
  'clock-went-back': { readonly seconds: number };
  'clock-differs-from-disk': { readonly seconds: number };

  // Telling people.
  'alarms-delivered': { readonly channel: string };
  'alarms-failing': { readonly channel: string; readonly problem: string };
  'alarms-nobody': NoValues;
  'alarms-untried': NoValues;

  // Earlier reports.
  'reports-unchanged': { readonly reports: number };
  'report-first': NoValues;
  'report-changed': { readonly report: string };
  'report-missing': { readonly report: string };
  'reports-unreadable': { readonly path: string };
  'report-out-of-chain': { readonly report: string };

  // The next step.
  'do-repair': NoValues;
  'do-bring-copy': NoValues;
  'do-back-up-now': NoValues;
  'do-back-up-fully': NoValues;
  'do-repair-copy': { readonly copy: string };
  'do-run-copy': { readonly copy: string };
  'do-add-copy': NoValues;
  'do-fetch-versions': NoValues;
  'do-replace-disk': NoValues;
  'do-install-smartctl': NoValues;
  'do-allow-smartctl': NoValues;
  'do-add-channel': NoValues;
  'do-let-checkup-finish': NoValues;
  'do-find-report': NoValues;
};
