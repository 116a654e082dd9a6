import { decodeKeyedArchive, KeyedObject } from '../../formats/index.ts';
import { isAppError } from '../../shared/errors.ts';
import type { App } from './message.ts';
import type { Poll } from './polls.ts';

const LINK = 'com.apple.messages.URLBalloonProvider';
/** Apps that write messages through an extension are all behind this one, followed by ":team:bundle id". */
const EXTENSION = 'com.apple.messages.MSMessageExtensionBalloonPlugin:';

/** What Apple's own are called on the phone. */
const NAMES: readonly (readonly [end: string, name: string])[] = [
  [LINK, 'Link'],
  ['com.apple.Handwriting.HandwritingProvider', 'Handwriting'],
  ['com.apple.DigitalTouchBalloonProvider', 'Digital Touch'],
  ['com.apple.PassbookUIService.PeerPaymentMessagesExtension', 'Apple Cash'],
  ['com.apple.ActivityMessagesApp.MessagesExtension', 'Fitness'],
  ['com.apple.mobileslideshow.PhotosMessagesApp', 'Photos'],
  ['com.apple.SafetyMonitorApp.SafetyMonitorMessages', 'Check In'],
  ['com.apple.findmy.FindMyMessagesApp', 'Find My'],
  ['com.apple.messages.Polls', 'Poll'],
  ['com.apple.icloud.apps.messages.business.extension', 'Business'],
  ['com.apple.Jellyfish.Animoji', 'Memoji'],
  ['com.apple.Stickers.UserGenerated.MessagesExtension', 'Stickers'],
];

type Fields = Readonly<Record<string, unknown>>;

/**
 * What an app's message shows: its payload is a keyed archive, for drawings something of their own.
 *
 * @param poll what it asks, where it is a poll, or what was asked, where it is a vote: with what was voted for.
 */
export function readApp(bundleId: string, payload: Uint8Array | null, text: string | null, poll?: Poll): App {
  const known = NAMES.find(([end]) => bundleId.endsWith(end))?.[1];
  const fields = payload === null ? {} : fieldsOf(payload);
  const words = poll
    ? pollWords(poll, text)
    : bundleId === LINK
      ? linkWords(fields ?? {}, text)
      : extensionWords(fields ?? {});
  const own = stringOf(fields?.['an']) ?? bundleId.replace(EXTENSION, '').split(':').at(-1) ?? bundleId;
  const isDrawing = known === 'Handwriting' || known === 'Digital Touch';
  return {
    bundleId,
    name: known ?? own,
    ...words,
    problem: fields === undefined && !isDrawing ? 'app data unreadable' : undefined,
  };
}

type Words = Pick<App, 'title' | 'subtitle' | 'summary' | 'url'>;

/** The metadata of a page that was linked to: its title, what it is about, and its address. */
function linkWords(fields: Fields, text: string | null): Words {
  const metadata = objectOf(fields['richLinkMetadata']) ?? objectOf(fields['metadata']) ?? fields;
  return {
    title: stringOf(metadata['title']),
    subtitle: stringOf(metadata['siteName']),
    summary: stringOf(metadata['summary']),
    url: stringOf(metadata['originalURL']) ?? stringOf(metadata['URL']) ?? addressIn(text),
  };
}

/** What the author of an extension wants to be seen: captions around a picture. */
function extensionWords(fields: Fields): Words {
  const layout = objectOf(fields['userInfo']) ?? {};
  const captions = [
    'caption',
    'image-title',
    'subcaption',
    'image-subtitle',
    'secondary-subcaption',
    'tertiary-subcaption',
  ]
    .map((key) => stringOf(layout[key]))
    .filter((each) => each !== undefined);
  return {
    title: captions[0] ?? stringOf(fields['ldtext']),
    subtitle: captions.length > 1 ? captions.slice(1).join(' · ') : undefined,
    summary: captions.length > 0 ? stringOf(fields['ldtext']) : undefined,
    url: webAddress(fields['URL']),
  };
}

/** Of a vote: what for; of a poll: what may be chosen. */
function pollWords({ question, options, votes }: Poll, text: string | null): Words {
  const chosen = options.filter(({ id }) => id !== undefined && votes.includes(id));
  const asked = votes.length > 0 ? chosen : options;
  return {
    title: question ?? stringOf(text),
    subtitle: asked.length === 0 ? undefined : asked.map((option) => option.text).join(' · '),
    summary: votes.length > 0 ? 'Vote' : undefined,
    url: undefined,
  };
}

function fieldsOf(payload: Uint8Array): Fields | undefined {
  try {
    return objectOf(decodeKeyedArchive(payload)) ?? {};
  } catch (error) {
    if (!isAppError(error, 'FORMAT_INVALID')) throw error;
    return undefined;
  }
}

function objectOf(value: unknown): Fields | undefined {
  if (value instanceof KeyedObject) return value.fields;
  // A plain object: dictionaries come as these.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

const stringOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;

/** What else apps put there is their own state. */
const webAddress = (value: unknown): string | undefined =>
  typeof value === 'string' && /^https?:/i.test(value) ? value : undefined;

const addressIn = (text: string | null): string | undefined => /https?:\/\/\S+/.exec(text ?? '')?.[0];
