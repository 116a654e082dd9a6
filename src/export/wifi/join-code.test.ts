import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret, type WifiNetwork } from '../../content/index.ts';
import { joinCode, joinText } from './join-code.ts';

const NETWORK: WifiNetwork = {
  name: 'Zuhause',
  nameBytes: undefined,
  security: 'WPA2 Personal',
  isHidden: false,
  isCaptive: false,
  isAutoJoined: true,
  addedAt: undefined,
  joinedByUserAt: undefined,
  joinedBySystemAt: undefined,
  lastJoinedAt: undefined,
  updatedAt: undefined,
  passwordChangedAt: undefined,
  accessPoints: [],
  password: new Secret(Buffer.from('a;b:c,"d"\\e')),
  source: 'known-networks',
};

describe('a code to join a network by', () => {
  test('escapes what has a meaning in it', () => {
    assert.equal(joinText(NETWORK), String.raw`WIFI:T:WPA;S:Zuhause;P:a\;b\:c\,\"d\"\\e;;`);
  });

  test('says that a network is hidden, open or old', () => {
    assert.equal(
      joinText({ ...NETWORK, password: undefined, security: 'Open', isHidden: true }),
      'WIFI:T:nopass;S:Zuhause;H:true;;',
    );
    assert.match(joinText({ ...NETWORK, security: 'WEP' }) ?? '', /^WIFI:T:WEP;/);
  });

  test('is not made where it would not work', () => {
    assert.equal(joinText({ ...NETWORK, password: undefined }), undefined);
    assert.equal(joinText({ ...NETWORK, security: 'WPA2 Enterprise' }), undefined);
    assert.equal(joinText({ ...NETWORK, nameBytes: Buffer.from([0xff]) }), undefined);
  });

  test('is a drawing whose text is inert', () => {
    const { text } = joinCode('WIFI:S:x;;', '<script>');
    assert.match(text, /^<svg class="code" role="img" aria-label="&lt;script&gt;"/);
    assert.ok((text.match(/M\d/g) ?? []).length > 100);
  });
});
