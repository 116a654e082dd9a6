import { bytesField, varintField } from '../../../formats/index.ts';
import type { Library } from '../library.ts';
import { encodeRecording } from '../media/audio.ts';
import { encodeJpeg } from '../media/jpeg.ts';
import { encodePdf } from '../media/pdf.ts';
import { landscape } from '../media/scene.ts';
import { fullName, type Person } from '../people.ts';
import type { Random } from '../random.ts';
import type { RowValues } from '../sqlite.ts';
import { phrase } from '../texts.ts';
import { DOMAIN, jidOf, type NewMessage } from './whatsapp-rows.ts';

interface Moment {
  readonly friend: Person;
  readonly sort: number;
  readonly at: Date;
  /** The message before. */
  readonly last: NewMessage | undefined;
}

const IMAGE = 1;
const AUDIO = 3;
const CONTACT = 4;
const LOCATION = 5;
const DOCUMENT = 8;
const DELETED = 14;

/** What makes a message more than words, by its number; most are only words. */
export function oddMessage(library: Library, random: Random, moment: Moment): Partial<NewMessage> {
  const { friend, sort, at, last } = moment;
  switch (sort) {
    case 4:
      return { type: IMAGE, text: null, media: picture(library, random, moment, 'stored') };
    case 6:
      return { type: IMAGE, text: null, media: picture(library, random, moment, 'lost') };
    case 8:
      return { type: IMAGE, text: null, media: picture(library, random, moment, 'never downloaded') };
    case 10: {
      const path = store(library, friend, `${random.uuid()}.m4a`, encodeRecording(at, 2, 440), at);
      return { type: AUDIO, text: null, media: { ...path, ZMOVIEDURATION: 2, ZVCARDSTRING: 'audio/mp4' } };
    }
    case 12: {
      const { latitude, longitude } = library.owner.home;
      return { type: LOCATION, text: null, media: { ZLATITUDE: latitude, ZLONGITUDE: longitude } };
    }
    case 14: {
      const { first, last: family, phone } = friend;
      const card = `BEGIN:VCARD\nVERSION:3.0\nN:${family};${first};;;\nFN:${fullName(friend)}\nTEL:${phone}\nEND:VCARD`;
      return { type: CONTACT, text: null, media: { ZVCARDNAME: fullName(friend), ZVCARDSTRING: card } };
    }
    case 16: {
      const path = store(library, friend, `${random.uuid()}.pdf`, encodePdf(phrase(random)), at);
      return {
        type: DOCUMENT,
        text: null,
        media: { ...path, ZTITLE: 'Rechnung März.pdf', ZVCARDSTRING: 'application/pdf' },
      };
    }
    case 18:
      return { type: DELETED, text: null };
    case 20:
      return { isStarred: true, isForwarded: true, receiptInfo: reactions(random, friend, at) };
    case 22:
      return last?.key === undefined ? {} : { media: { ZMETADATA: reply(last.key, jidOf(friend), last.text ?? '') } };
    case 24:
      // Nothing of it may become a part of a page, or of a table.
      return { text: '=1+1 <script>alert("1")</script> & https://example.org/?a=1&b=2' };
    case 26:
      return { receiptInfo: Buffer.from('not a message', 'latin1') };
    default:
      return {};
  }
}

function picture(
  { disk }: Library,
  random: Random,
  { friend, at }: Moment,
  kept: 'stored' | 'lost' | 'never downloaded',
): RowValues {
  const [widthPx, heightPx] = [320, 240];
  const bytes = encodeJpeg({ widthPx, heightPx, scene: landscape(random) });
  const facts = { ZLATITUDE: widthPx, ZLONGITUDE: heightPx, ZVCARDSTRING: 'image/jpeg', ZTITLE: 'Am See 🌅' };
  if (kept === 'never downloaded') return { ...facts, ZFILESIZE: bytes.length };
  const name = `${random.uuid().toLowerCase()}.jpg`;
  const path = `Media/${jidOf(friend)}/${name[0]}/${name[1]}/${name}`;
  if (kept === 'stored') disk.writeFile(DOMAIN, `Message/${path}`, bytes, { modifiedAt: at });
  return { ...facts, ZMEDIALOCALPATH: path, ZFILESIZE: bytes.length };
}

function store({ disk }: Library, friend: Person, name: string, bytes: Buffer, at: Date): RowValues {
  const path = `Media/${jidOf(friend)}/${name[0]}/${name[1]}/${name}`;
  disk.writeFile(DOMAIN, `Message/${path}`, bytes, { modifiedAt: at });
  return { ZMEDIALOCALPATH: path, ZFILESIZE: bytes.length };
}

/** One of a friend, who changed it, and one of the owner of the phone. */
function reactions(random: Random, friend: Person, at: Date): Buffer {
  const id = `3A${random.digits(18)}`;
  const other = (emoji: string, ms: number): Buffer =>
    bytesField(1, bytesField(1, id), bytesField(2, jidOf(friend)), bytesField(3, emoji), varintField(4, ms));
  const mine = bytesField(2, bytesField(1, id), bytesField(2, '👍'), varintField(3, at.getTime() + 9000));
  return bytesField(7, other('😢', at.getTime() + 1000), other('❤️', at.getTime() + 5000), mine);
}

const reply = (key: string, jid: string, text: string): Buffer =>
  Buffer.concat([bytesField(5, key), bytesField(6, jid), bytesField(19, bytesField(1, text))]);
