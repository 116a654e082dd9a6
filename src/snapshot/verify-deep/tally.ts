import type { ContentOutcome } from './check-content.ts';
import type { DeepFinding, DeepSummary } from './events.ts';

/** Counts what is read and proved. */
export class Tally {
  /** Of the manifest, and the stored bytes of them that were read. */
  files = 0;
  bytes = 0;
  #decrypted = 0;
  #digestsMatched = 0;
  #withoutDigest = 0;
  #databases = 0;
  #databasesPassed = 0;
  readonly #findings = new Map<DeepFinding['kind'], number>();

  settle({ digest, padding, database }: ContentOutcome): void {
    if (digest === 'none') this.#withoutDigest++;
    else if (digest === 'matched') this.#digestsMatched++;
    if (padding === 'valid') this.#decrypted++;
    if (database === undefined) return;
    this.#databases++;
    if (database.state === 'intact' || database.state === 'partly-checked') this.#databasesPassed++;
  }

  find(finding: DeepFinding): void {
    const files = 'files' in finding ? finding.files : 1;
    this.#findings.set(finding.kind, (this.#findings.get(finding.kind) ?? 0) + files);
  }

  summary(isEncrypted: boolean): DeepSummary {
    return {
      verifiedAt: new Date(),
      files: this.files,
      bytes: this.bytes,
      decrypted: isEncrypted ? this.#decrypted : undefined,
      digestsMatched: this.#digestsMatched,
      withoutDigest: this.#withoutDigest,
      databasesPassed: this.#databasesPassed,
      databases: this.#databases,
      findings: Object.fromEntries(this.#findings),
    };
  }
}
