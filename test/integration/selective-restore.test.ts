/** Parts of an older snapshot on a phone that keeps everything else: what the phone holds afterwards, and its next backup. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mutateLibrary, type VirtualIphone } from '../../src/virtual-iphone/index.ts';
import { backUpAgain, compose, exchanged, restoreComposed, sorted, type IsChosen } from '../support/selective-scene.ts';
import { contentsOf } from '../support/compare.ts';
import { PhoneAndVault } from './phone-and-vault.ts';

const APP = 'com.example.papermill';

const isMessages: IsChosen = (place) => /^(?:HomeDomain|MediaDomain) Library\/SMS(?:\/|$)/.test(place);
const isContacts: IsChosen = (place) => /^HomeDomain Library\/AddressBook(?:\/|$)/.test(place);
const isApp: IsChosen = (place) => /^(?:AppDomain|AppDomainPlugin)-com\.example\.papermill(?:\.share)? /.test(place);

/** What an owner does in a month: new things everywhere, and much that is chosen later is changed or deleted. */
function useMuch(phone: VirtualIphone): void {
  for (let day = 0; day < 5; day++) mutateLibrary(phone.disk, { share: 0.1 });
  const { disk } = phone;
  disk.writeFile('MediaDomain', 'Library/SMS/Attachments/zz/99/NEW/new picture.jpg', Buffer.alloc(40_000, 'new'));
  for (const file of [...disk.all()]) {
    const place = `${file.domain} ${file.relativePath}`;
    if (file.kind === 'file' && /Attachments\/.*\.(?:jpe?g|heic)$/i.test(file.relativePath) && isMessages(place)) {
      disk.remove(file.domain, file.relativePath);
    }
    if (file.kind === 'file' && isApp(place) && file.relativePath.startsWith('Documents/')) {
      disk.remove(file.domain, file.relativePath);
    }
  }
  disk.writeFile(`AppDomain-${APP}`, 'Documents/made later.txt', Buffer.from('later'));
}

describe('an encrypted phone', () => {
  for (const { choice, isChosen } of [
    { choice: 'messages', isChosen: isMessages },
    { choice: `contacts,app:${APP}`, isChosen: (place: string) => isContacts(place) || isApp(place) },
  ]) {
    test(`has ${choice} as they were, and all else as it was`, async () => {
      const password = 'correct horse';
      await using both = await PhoneAndVault.start({ library: 'small', files: 0, backupPassword: password });
      const older = (await both.backUp()).snapshot;
      const then = contentsOf(both.phone);
      useMuch(both.phone);
      const current = (await both.backUp()).snapshot;
      const now = contentsOf(both.phone);
      const wanted = { choice, current, older, currentPassword: password, olderPassword: password };
      await compose(both, wanted, async (composed) => {
        assert.deepEqual(composed.exchanged.leftOut, []);
        await restoreComposed(both, composed, password);
      });
      const after = contentsOf(both.phone);
      assert.deepEqual(sorted(after), sorted(exchanged(now, then, isChosen)));
      assert.notDeepEqual(sorted(after), sorted(now));
      await backUpAgain(both, password);
    });
  }
});
