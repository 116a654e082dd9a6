/** A file with the bytes of one that lies packed, which is gone after use. Who has it open may let it go at once. */
export interface PlainCopy extends Disposable {
  readonly path: string;
}

/**
 * What can still be read of a packed file that is damaged, for looking into it: what cannot stands there as zeros, or is cut
 * off at the end. It is not that file: nothing that is proven, kept or handed on may be made of it.
 */
export interface Salvage extends Disposable {
  readonly content: Pick<PlainCopy, 'path'> | { readonly bytes: Buffer };
  /** Of the file: what is lost or may be wrong. None where only what tells of its parts is damaged. */
  readonly lostBytes: number;
}

/** What is lost of it, for a sentence. */
export function lossIn({ lostBytes }: Pick<Salvage, 'lostBytes'>): string {
  if (lostBytes === 0) return 'all of it could be read';
  return `up to ${Math.ceil(lostBytes / 1024 ** 2)} MiB of it are lost or may be wrong`;
}
