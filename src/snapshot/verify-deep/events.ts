/** What a deep verification tells: as it goes, what is wrong, what is worth knowing, and the sum at the end. */

/** A file of the backup, as the manifest names it. */
export interface NamedFile {
  readonly fileId: string;
  readonly domain: string;
  readonly relativePath: string;
}

/**
 * What can be wrong with one file.
 *
 * - `missing`: the manifest names it, and there is no content.
 * - `changed`: its stored bytes are not those that the phone sent: the digest differs.
 * - `cut-off`: there is less of it than there was.
 * - `key-damaged`: the key in its entry cannot be used.
 * - `undecryptable`: it does not decrypt to anything that was encrypted with its key.
 * - `entry-damaged`: the manifest's own entry cannot be read.
 * - `unreadable`: the disk or the vault does not give its bytes.
 * - `database`: it is an SQLite database, and damaged.
 * - `property-list`: it begins as a property list, and is none.
 */
export type FileFindingKind =
  | 'missing'
  | 'changed'
  | 'cut-off'
  | 'key-damaged'
  | 'undecryptable'
  | 'entry-damaged'
  | 'unreadable'
  | 'database'
  | 'property-list';

export interface FileFinding {
  readonly kind: FileFindingKind;
  readonly file: NamedFile;
  /** What exactly, in words. */
  readonly detail: string;
  /** The bytes are those the phone sent (their digest matches): it has the same damage, or had it then. */
  readonly asSent: boolean;
}

/** Many files for one reason. */
export interface GroupFinding {
  /** `lost-keys`: encrypted with keys the backup does not have. `class-without-key`: the keybag lacks one of its own. */
  readonly kind: 'lost-keys' | 'class-without-key';
  readonly files: number;
  /** As stored. */
  readonly bytes: number;
  readonly examples: readonly NamedFile[];
  /** Where the reason is one protection class. */
  readonly protectionClass?: number;
  /** Only where age tells them apart: the unreadable ones are all older than the readable ones. */
  readonly age?: {
    /** The day the newest of the unreadable ones was last changed. */
    readonly lastChanged: Date;
    /** How many files changed after that day; all of them can be read. */
    readonly newerReadable: number;
  };
}

/** The list of files itself is damaged. */
export interface ManifestFinding {
  readonly kind: 'manifest-damaged';
  readonly detail: string;
}

export type DeepFinding = FileFinding | GroupFinding | ManifestFinding;

/** Worth knowing, and no damage. */
export type DeepRemark =
  /** Named without content, and nothing is lost by it: empty, or temporary and gone when the phone came to send it. */
  | { readonly kind: 'left-out'; readonly files: number; readonly examples: readonly NamedFile[] }
  /** Of a class whose key never leaves the device: only that device can be given them back. */
  | { readonly kind: 'device-only'; readonly files: number; readonly examples: readonly NamedFile[] }
  /** Rows of the manifest that name nothing; real backups have a few. */
  | { readonly kind: 'odd-rows'; readonly rows: number }
  /** A database that was not checked, or not all of it, and why. */
  | { readonly kind: 'database-unchecked'; readonly file: NamedFile; readonly detail: string }
  /** Much less than in the backup before; the whole backup where there is no domain. */
  | {
      readonly kind: 'shrunk';
      readonly domain: string | undefined;
      readonly before: Amount;
      readonly now: Amount;
    };

export interface Amount {
  readonly files: number;
  /** By the sizes that the manifest gives. */
  readonly bytes: number;
}

/** What was proved. Plain data, to be kept with the snapshot. */
export interface DeepSummary {
  readonly verifiedAt: Date;
  /** Files of the manifest, and the stored bytes of them that were read. */
  readonly files: number;
  readonly bytes: number;
  /** Files that decrypted with valid padding; undefined for an unencrypted backup. */
  readonly decrypted: number | undefined;
  /** Files whose digest matched, and files that have none. */
  readonly digestsMatched: number;
  readonly withoutDigest: number;
  /** Databases that passed, of all that were found. */
  readonly databasesPassed: number;
  readonly databases: number;
  /** Findings by kind; a group counts every file in it. Empty when everything is right. */
  readonly findings: Readonly<Partial<Record<DeepFinding['kind'], number>>>;
}

export type DeepEvent =
  | {
      readonly kind: 'progress';
      readonly files: number;
      readonly totalFiles: number;
      readonly bytes: number;
      /** By the sizes in the manifest, which are a little off. */
      readonly totalBytes: number;
    }
  | { readonly kind: 'finding'; readonly finding: DeepFinding }
  | { readonly kind: 'remark'; readonly remark: DeepRemark }
  | { readonly kind: 'done'; readonly summary: DeepSummary };
