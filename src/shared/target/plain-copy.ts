/** A file with the bytes of one that lies packed, which is gone after use. Who has it open may let it go at once. */
export interface PlainCopy extends Disposable {
  readonly path: string;
}
