import { createHash } from 'node:crypto';
import type { Library } from '../library.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { encodePdf } from '../media/pdf.ts';
import { landscape } from '../media/scene.ts';
import type { NewAttachment } from './message-rows.ts';
import { fullName } from '../people.ts';
import type { Random } from '../random.ts';
import { phrase, slug } from '../texts.ts';

/** Where Messages keeps what was sent: below /var/mobile, which backups call MediaDomain here. */
const FOLDER = 'Library/SMS/Attachments';

/**
 * Makes something to send and puts it where Messages would: a photo mostly, at times a document or a contact. One in
 * twelve was never downloaded and has no file.
 */
export function makeAttachment(library: Library, random: Random, sentAt: Date): NewAttachment {
  const guid = random.uuid();
  const thing = anything(library, random);
  const { bytes, ...facts } = thing;
  if (random.chance(1 / 12)) return { guid, path: undefined, ...facts, sizeBytes: bytes.length };
  return put(library, guid, sentAt, thing);
}

/** Puts something of one's own where Messages would. */
export function storeAttachment(library: Library, random: Random, sentAt: Date, thing: Thing): NewAttachment {
  return put(library, random.uuid(), sentAt, thing);
}

function put(library: Library, guid: string, sentAt: Date, { name, uti, mimeType, bytes }: Thing): NewAttachment {
  const shard = createHash('sha1').update(guid).digest('hex').slice(0, 2);
  const second = String(Number.parseInt(shard, 16) & 15).padStart(2, '0');
  // What stands between slashes is a folder; the name that people see is kept in the database.
  const path = `${FOLDER}/${shard}/${second}/${guid}/${name.replaceAll('/', '_')}`;
  library.disk.writeFile('MediaDomain', path, bytes, { modifiedAt: sentAt });
  return { guid, path: `~/${path}`, name, uti, mimeType, sizeBytes: bytes.length };
}

export interface Thing {
  readonly name: string;
  readonly uti: string;
  readonly mimeType: string;
  readonly bytes: Buffer;
}

function anything(library: Library, random: Random): Thing {
  const kind = random.fraction();
  if (kind < 0.12) {
    const name = random.pick(['Rechnung März.pdf', 'Übersicht Große Straße.pdf', 'boarding pass.pdf', '請求書.pdf']);
    return { name, uti: 'com.adobe.pdf', mimeType: 'application/pdf', bytes: encodePdf(phrase(random)) };
  }
  if (kind < 0.2) {
    const person = random.pick(library.people);
    const card = `BEGIN:VCARD\r\nVERSION:3.0\r\nN:${person.last};${person.first};;;\r\nFN:${fullName(person)}\r\nTEL:${person.phone}\r\nEND:VCARD\r\n`;
    return { name: `${person.first}.vcf`, uti: 'public.vcard', mimeType: 'text/vcard', bytes: Buffer.from(card) };
  }
  if (kind < 0.26) {
    const bytes = Buffer.from(`${slug(random)}\n`);
    // A decomposed name, as a Mac would have given it.
    return { name: 'Ko\u0308ln & Du\u0308sseldorf.txt', uti: 'public.plain-text', mimeType: 'text/plain', bytes };
  }
  const bytes = encodeJpeg({ widthPx: 480, heightPx: 360, scene: landscape(random), random, grain: 3 });
  return { name: `IMG_${random.digits(4)}.jpeg`, uti: 'public.jpeg', mimeType: 'image/jpeg', bytes };
}
