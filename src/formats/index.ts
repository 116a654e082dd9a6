/** Apple's serialisations: property lists, binary and XML, and the keyed archives made of them. */
export { decodeBinaryPlist } from './plist/binary-decode.ts';
export { encodeBinaryPlist } from './plist/binary-encode.ts';
export { decodePlist } from './plist/decode.ts';
export {
  arrayAt,
  asDictionary,
  booleanAt,
  bytesAt,
  dateAt,
  dictionaryAt,
  integerAt,
  numberAt,
  stringAt,
  valueAt,
} from './plist/read.ts';
export { PlistReal, PlistUid, PreciseDate, type PlistDictionary, type PlistValue } from './plist/value.ts';
export { decodeXmlPlist } from './plist/xml-decode.ts';
export { encodeXmlPlist } from './plist/xml-encode.ts';
export { decodeKeyedArchive } from './keyed-archive/decode.ts';
export { encodeKeyedArchive } from './keyed-archive/encode.ts';
export { KeyedObject } from './keyed-archive/keyed-object.ts';
