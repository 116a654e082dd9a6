import { encryptedSize } from '../../keybag/index.ts';
import type { MbFile } from '../mb-file/mb-file.ts';
import type { ContentOutcome } from './check-content.ts';
import type { FileFinding, NamedFile } from './events.ts';

const BLOCK_BYTES = 16;
/** A file may shrink a little between listing and sending; where nothing else tells, more than this is told. */
const MIN_SHARE = 0.9;

/**
 * What an outcome says is wrong with a file; undefined when nothing is. Of several things the one that explains the
 * others: bytes that were changed explain a wrong padding, and a wrong padding explains a broken database.
 */
export function findingOf(file: NamedFile, details: MbFile, outcome: ContentOutcome): FileFinding | undefined {
  const asSent = outcome.digest === 'matched';
  const say = (kind: FileFinding['kind'], detail: string): FileFinding => ({ kind, file, detail, asSent });
  const cutOff = (): FileFinding =>
    say('cut-off', `${outcome.storedBytes} of ${expectedBytes(details, outcome) ?? '?'} bytes are left of it`);
  if (outcome.digest === 'differs') {
    return isShorter(details, outcome, 1) ? cutOff() : say('changed', 'its bytes are not those the phone sent');
  }
  if (outcome.padding === 'invalid' && !isEmpty(details, outcome)) {
    return !asSent && isShorter(details, outcome, 1)
      ? cutOff()
      : say('undecryptable', 'it does not decrypt with its key');
  }
  if (outcome.database?.state === 'damaged') {
    return say('database', `the database is damaged: ${outcome.database.details.slice(0, 2).join('; ')}`);
  }
  if (outcome.isBrokenPropertyList) return say('property-list', 'it is a property list that cannot be read');
  if (outcome.digest !== 'none' || outcome.database || isEmpty(details, outcome)) return undefined;
  return isShorter(details, outcome, MIN_SHARE) ? cutOff() : undefined;
}

/** An encrypted file is whole blocks, and as long as its entry says. */
function isShorter(details: MbFile, outcome: ContentOutcome, share: number): boolean {
  if (outcome.padding !== 'none' && outcome.storedBytes % BLOCK_BYTES !== 0) return true;
  const expected = expectedBytes(details, outcome);
  return expected !== undefined && outcome.storedBytes < expected * share;
}

function expectedBytes({ sizeBytes }: MbFile, { padding }: ContentOutcome): number | undefined {
  return sizeBytes === undefined || padding === 'none' ? sizeBytes : encryptedSize(sizeBytes);
}

/** Nothing was stored for a file with nothing in it: the padding is missing, and nothing else. */
function isEmpty({ sizeBytes }: MbFile, { storedBytes }: ContentOutcome): boolean {
  return storedBytes === 0 && sizeBytes === 0;
}
