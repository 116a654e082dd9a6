/** What somebody does who has this page and nobody to ask. */
import { html, type Markup } from '../text/html.ts';
import type { RecoverySheetFacts } from './facts.ts';
import { quoted } from './quoted.ts';

export function howToRestore(facts: RecoverySheetFacts): Markup {
  const needsPassword = facts.password.kind !== 'none';
  return html`<section><h2>Everything back onto an iPhone or iPad</h2>
<p>Any iPhone or iPad will do whose iOS is ${facts.device.iosVersion} or newer and that has the space. On it: finish the first setup as a new device, turn <em>Find My</em> off (Settings › the name at the top › Find My), plug it in and charge it.</p>
<h3>With Holdfast</h3>
<ol>
<li>Connect the disk with the vault, or fetch a copy. Should Holdfast be gone as well, install it from its source or package, with Node.js 24.16 or newer, on any computer with Linux: the vault is all it needs.</li>
<li>Tell it where the vault is, see what is there, and prove that the password fits:
<code class="block">export HOLDFAST_VAULT=${quoted(facts.vault.dir)}
holdfast snapshots
holdfast encryption check latest</code></li>
<li>Make the new device trust this computer, look whether everything is ready, and restore:
<code class="block">holdfast pair
holdfast restore latest --dry-run
holdfast restore latest</code>
It asks for what it needs. The device restarts, and loads its apps again over Wi-Fi.</li>
<li>Single things, without any phone: <code>holdfast extract everything latest --to FOLDER</code> writes messages, photos, contacts, notes and passwords as ordinary files.</li>
</ol>
<h3>Without Holdfast, from Apple’s own format</h3>
<ol>
<li>Have any computer with Holdfast write the version out: <code>holdfast export latest FOLDER</code>. What it writes is the folder <code>${facts.device.udid}</code>, a backup as Finder and iTunes make it. (The vault can be read without any of this: its layout is described in docs/formats/vault.md of the source.)</li>
<li><strong>Mac:</strong> put that folder into <code>~/Library/Application Support/MobileSync/Backup</code>, open Finder, choose the device, <em>Restore Backup…</em>${password(needsPassword)}</li>
<li><strong>Windows:</strong> put it into <code>%APPDATA%\\Apple Computer\\MobileSync\\Backup</code> (with Apple Devices from the Store <code>%USERPROFILE%\\Apple\\MobileSync\\Backup</code>), then the same in iTunes or Apple Devices.</li>
<li><strong>Linux:</strong> <code>apt install libimobiledevice-utils usbmuxd</code>, then
<code class="block">idevicepair pair
idevicebackup2 ${needsPassword ? '-i ' : ''}-s ${facts.device.udid} restore --system --settings FOLDER</code></li>
</ol></section>`;
}

const password = (isNeeded: boolean): string => (isNeeded ? ' and enter the backup password.' : '.');

export function lostPhone({ device }: RecoverySheetFacts): Markup {
  const numbers = [
    device.imei === undefined ? undefined : 'IMEI',
    device.serialNumber === undefined ? undefined : 'serial number',
  ].filter((each) => each !== undefined);
  return html`<section class="whole"><h2>If it was lost or stolen</h2>
<ol>
<li>On another device or at icloud.com/find: <em>Mark As Lost</em>. Do not remove it from the account, which would unlock it for the thief.</li>
<li>Have the carrier block the SIM. The police and the insurance ask for ${numbers.length === 0 ? 'its numbers' : `the ${numbers.join(' and the ')} above`}.</li>
<li>Change the passwords of mail and banks. The ones saved on the phone come out of an encrypted version with <code>holdfast extract keychain latest --to FOLDER</code>.</li>
</ol></section>`;
}

export function words({ password: { kind } }: RecoverySheetFacts): Markup {
  return html`<section class="whole"><h2>What the words mean</h2>
<dl class="words">
<dt>Vault</dt><dd>the folder with all versions of all devices. Copy it as a whole; a copy is a vault, too.</dd>
<dt>Version, snapshot</dt><dd>the whole device as it was at one time. None depends on another.</dd>
<dt>Backup password</dt><dd>chosen once, for the backups of this device to computers. The device asks for it when a backup is brought back.</dd>
<dt>Passcode</dt><dd>what unlocks the screen. It opens no backup.</dd>
<dt>Apple Account</dt><dd>what the App Store and iCloud ask for, after the restore, too. It opens no backup.</dd>
<dt>UDID</dt><dd>Apple’s name for this one device, which its backups are filed under.</dd>
${kind === 'shared' ? html`<dt>Share</dt><dd>one of the pages the password was split onto. One alone tells nothing.</dd>` : undefined}
</dl></section>`;
}
