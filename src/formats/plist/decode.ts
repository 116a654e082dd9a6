import { decodeBinaryPlist, isBinaryPlist } from './binary-decode.ts';
import { malformed, type PlistValue } from './value.ts';
import { decodeXmlPlist } from './xml-decode.ts';

/**
 * Reads a property list, binary or XML by its first bytes.
 *
 * @throws {FormatError} on anything malformed.
 */
export function decodePlist(bytes: Uint8Array): PlistValue {
  if (isBinaryPlist(bytes)) return decodeBinaryPlist(bytes);
  if (bytes.length === 0) malformed('it is empty', 0);
  return decodeXmlPlist(bytes);
}
