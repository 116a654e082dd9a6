/** What a recovery sheet tells. */
export interface RecoverySheetFacts {
  readonly madeAt: Date;
  /** "Holdfast 0.1.0" */
  readonly product: string;
  readonly device: {
    readonly name: string;
    /** As in shops: "iPhone 13". */
    readonly model: string;
    readonly iosVersion: string;
    readonly udid: string;
    readonly serialNumber?: string | undefined;
    readonly imei?: string | undefined;
    readonly meid?: string | undefined;
    readonly phoneNumber?: string | undefined;
  };
  /** Where the versions are. */
  readonly vault: { readonly dir: string; readonly host: string; readonly id: string };
  readonly versions: {
    readonly count: number;
    readonly newest: {
      readonly id: string;
      readonly takenAt: Date;
      readonly sizeBytes: number;
      readonly encrypted: boolean;
    };
    readonly oldestAt: Date;
    readonly unencrypted: number;
  };
  /** The passwords its versions need, the newest first. Empty where none is encrypted. */
  readonly passwords: readonly PasswordFacts[];
  readonly copies: readonly CopyFacts[];
  readonly password: SheetPassword;
}

export interface PasswordFacts {
  /** Since when backups were made with it, as far as the versions tell. */
  readonly since: Date | undefined;
  /** How many versions it opens. */
  readonly versions: number;
}

export interface CopyFacts {
  readonly name: string;
  readonly place: string;
  /** How it is kept there: "a second vault". */
  readonly kind: string;
  readonly offSite: boolean;
  readonly lastAt?: Date | undefined;
  /** What opens a repository; a second vault needs nothing. */
  readonly key?: CopyKey | undefined;
}

export interface CopyKey {
  /** Its address as restic takes it, whole where the password is printed. */
  readonly repository: string;
  /** Where it is printed; else there is a line to write it on. */
  readonly password?: string | undefined;
  /** What else the place asks for, by name: AWS_ACCESS_KEY_ID. */
  readonly credentials: readonly string[];
}

/** What the sheet has of the password. */
export type SheetPassword =
  /** Nothing needs one. */
  | { readonly kind: 'none' }
  /** Lines to write it on by hand. */
  | { readonly kind: 'blank' }
  | { readonly kind: 'printed'; readonly password: string }
  | { readonly kind: 'shared'; readonly needed: number; readonly count: number; readonly set: string };
