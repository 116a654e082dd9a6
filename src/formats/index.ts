/** Apple's serialisations: property lists, binary and XML, the keyed archives made of them, and boxes of media files. */
export { decodeDerPlist } from './der/decode.ts';
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
export { boxAt, boxesIn, readTopBox, type Box } from './boxes/boxes.ts';
export { quickTimeMetadata } from './boxes/quicktime-metadata.ts';
export { decodeAttributedString, type AttributedRun, type AttributedString } from './typedstream/attributed-string.ts';
export type { FoundationValue } from './typedstream/foundation.ts';
export { bytesField, doubleField, floatField, varintField } from './protobuf/encode.ts';
export { decodeProtobuf, type ProtobufMessage } from './protobuf/message.ts';
