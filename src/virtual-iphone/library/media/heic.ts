import { ascii, box, fullBox, u16, u32, u8 } from './boxes.ts';
import { encodeExif, type CameraFacts } from './exif.ts';

const IMAGE_ITEM = 1;
const EXIF_ITEM = 2;

/**
 * A HEIC file as an iPhone lays it out: one HEVC picture item with its size and decoder configuration, and an EXIF
 * item that describes it. Every box is well formed and the EXIF is real; the picture data itself is noise, so the
 * picture does not decode.
 */
export function encodeHeic(facts: CameraFacts, picture: Uint8Array): Buffer {
  const exif = Buffer.concat([u32(6), encodeExif(facts)]);
  const fileType = box('ftyp', ascii('heic'), u32(0), ascii('mif1MiHEMiPrmiafMiHBheic'));
  // One NAL unit of a coded picture (IDR_W_RADL), its length first.
  const coded = Buffer.concat([u32(picture.length + 2), u8(0x26, 0x01), picture]);
  const metaBytes = meta(facts, 0, coded.length, exif.length).length;
  const dataAt = fileType.length + metaBytes + 8;
  return Buffer.concat([fileType, meta(facts, dataAt, coded.length, exif.length), box('mdat', coded, exif)]);
}

function meta(facts: CameraFacts, dataAt: number, pictureBytes: number, exifBytes: number): Buffer {
  return fullBox(
    'meta',
    0,
    0,
    fullBox('hdlr', 0, 0, u32(0), ascii('pict'), Buffer.alloc(12), u8(0)),
    fullBox('pitm', 0, 0, u16(IMAGE_ITEM)),
    fullBox(
      'iinf',
      0,
      0,
      u16(2),
      fullBox('infe', 2, 0, u16(IMAGE_ITEM, 0), ascii('hvc1'), u8(0)),
      fullBox('infe', 2, 1, u16(EXIF_ITEM, 0), ascii('Exif'), u8(0)),
    ),
    // "The EXIF item describes the picture item."
    fullBox('iref', 0, 0, box('cdsc', u16(EXIF_ITEM, 1, IMAGE_ITEM))),
    box(
      'iprp',
      box('ipco', decoderConfiguration(), fullBox('ispe', 0, 0, u32(facts.widthPx, facts.heightPx))),
      fullBox('ipma', 0, 0, u32(1), u16(IMAGE_ITEM), u8(2, 0x81, 0x02)),
    ),
    // Offsets and lengths in 4 bytes; one extent each, counted from the start of the file.
    fullBox(
      'iloc',
      0,
      0,
      u8(0x44, 0x00),
      u16(2),
      u16(IMAGE_ITEM, 0, 1),
      u32(dataAt, pictureBytes),
      u16(EXIF_ITEM, 0, 1),
      u32(dataAt + pictureBytes, exifBytes),
    ),
  );
}

/** An hvcC record: Main Still Picture profile, level 3, 8 bits, lengths of 4 bytes, no parameter sets. */
function decoderConfiguration(): Buffer {
  const general = [1, 0x03, 0x70, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 90];
  return box('hvcC', u8(...general, 0xf0, 0x00, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f, 0));
}
