import { encryptedSize } from '../../keybag/index.ts';
import type { MbFile } from '../mb-file.ts';
import type { ContentOutcome } from './check-content.ts';
import type { FileFinding, NamedFile } from './events.ts';

/** Databases grow and shrink while they are copied; other files do not lose a tenth that way. */
const MIN_SHARE = 0.9;

/**
 * What an outcome says is wrong with a file; undefined when nothing is. Of several things the one that explains the
 * others: bytes that were changed explain a wrong padding, and a wrong padding explains a broken database.
 */
export function findingOf(file: NamedFile, details: MbFile, outcome: ContentOutcome): FileFinding | undefined {
  const asSent = outcome.digest === 'matched';
  const say = (kind: FileFinding['kind'], detail: string): FileFinding => ({ kind, file, detail, asSent });
  if (outcome.digest === 'differs') {
    return isCutOff(details, outcome)
      ? say('cut-off', `${outcome.storedBytes} bytes are left of it`)
      : say('changed', 'its bytes are not those the phone sent');
  }
  if (outcome.padding === 'invalid' && !isEmpty(details, outcome)) {
    return !asSent && isCutOff(details, outcome)
      ? say('cut-off', `${outcome.storedBytes} bytes are left of it`)
      : say('undecryptable', 'it does not decrypt with its key');
  }
  if (outcome.database?.state === 'damaged') {
    return say('database', `the database is damaged: ${outcome.database.details.slice(0, 2).join('; ')}`);
  }
  if (outcome.isBrokenPropertyList) return say('property-list', 'it is a property list that cannot be read');
  return undefined;
}

/** An encrypted file is whole blocks, and about as long as its entry says. */
function isCutOff({ sizeBytes, encryptionKey }: MbFile, { storedBytes, padding }: ContentOutcome): boolean {
  if (padding !== 'none' && storedBytes % 16 !== 0) return true;
  if (sizeBytes === undefined) return false;
  const expected = encryptionKey !== undefined && padding !== 'none' ? encryptedSize(sizeBytes) : sizeBytes;
  return storedBytes < expected * MIN_SHARE || (storedBytes < expected && padding === 'none');
}

/** Nothing was stored for a file with nothing in it: the padding is missing, and nothing else. */
function isEmpty({ sizeBytes }: MbFile, { storedBytes }: ContentOutcome): boolean {
  return storedBytes === 0 && sizeBytes === 0;
}
