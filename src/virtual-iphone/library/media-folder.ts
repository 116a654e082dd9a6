import { encodeBinaryPlist, encodeXmlPlist } from '../../formats/index.ts';
import type { Library } from './library.ts';

/** What computers find in the media folder beside the camera roll: settings of iTunes, books. */
export function fillMediaFolder(library: Library): void {
  const { disk, now } = library;
  const random = library.random('media folder');
  const at = { modifiedAt: now };
  const itunes = 'Media/iTunes_Control/iTunes';
  disk.writeFile('MediaDomain', `${itunes}/iTunesPrefs`, Buffer.concat([Buffer.from('frpd'), random.bytes(200)]), at);
  disk.writeFile('MediaDomain', `${itunes}/iTunesPrefs.plist`, encodeXmlPlist({ iPodPrefs: random.bytes(64) }), at);
  disk.writeFile('MediaDomain', `${itunes}/VoiceMemos.plist`, encodeBinaryPlist({ version: 1 }), at);
  disk.makeDirectory('MediaDomain', 'Media/iTunes_Control/Music/F00', at);
  disk.writeFile('MediaDomain', 'Media/Books/iBooksData2.plist', encodeBinaryPlist({ Books: [] }), at);
  disk.makeDirectory('MediaDomain', 'Media/Podcasts', at);
}
