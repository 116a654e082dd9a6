import { formatSize } from '../../shared/text/size.ts';
import { html, page, type Markup } from '../text/html.ts';
import type { CopyFacts, RecoverySheetFacts } from './facts.ts';
import { copyKeys } from './copy-keys.ts';
import { spelled } from './letters.ts';
import { factList, longDate, PAPER_STYLE } from './paper.ts';
import { howToRestore, lostPhone, words } from './steps.ts';

/**
 * A page to print and to put where the family finds it: what the device is, where its backups are, how to bring them
 * back with this product and without it. One HTML file that needs nothing else.
 */
export function recoverySheet(facts: RecoverySheetFacts): string {
  const { device, madeAt, product } = facts;
  return page(
    { title: `Recovery sheet: ${device.name}`, style: PAPER_STYLE },
    html`<header>
<h1>Recovery sheet: ${device.name}</h1>
<p class="quiet">Made on ${longDate(madeAt)}. For whoever has to bring this ${device.model} back, also without the person who set it up. Make it anew when the password or a place changes.</p>
</header>
${deviceSection(facts)}
${placeSection(facts)}
${passwordSection(facts)}
${copyKeys(facts)}
${howToRestore(facts)}
${lostPhone(facts)}
${words(facts)}
<footer class="quiet">Made by ${product} on ${facts.vault.host}. Nothing on this page can be used to change the device; ${
      facts.password.kind === 'printed' || facts.copies.some(({ key }) => key?.password !== undefined)
        ? 'who reads it and has a copy of the backups can read them all.'
        : 'the password is not on it.'
    }</footer>`,
  );
}

function deviceSection({ device }: RecoverySheetFacts): Markup {
  return html`<section class="whole"><h2>The device</h2>
${factList([
  ['Name', device.name],
  ['Model', device.model],
  ['iOS', device.iosVersion],
  ['Phone number', device.phoneNumber],
  ['Serial number', device.serialNumber],
  ['IMEI', device.imei],
  ['MEID', device.meid],
  ['UDID', html`<code>${device.udid}</code>`],
])}</section>`;
}

function placeSection({ vault, versions, copies }: RecoverySheetFacts): Markup {
  const { newest, oldestAt, count } = versions;
  return html`<section class="whole"><h2>Where its backups are</h2>
${factList([
  ['The vault', html`<code>${vault.dir}</code> on the computer “${vault.host}”`],
  ['Versions', count === 1 ? 'one' : `${count}, the oldest of ${longDate(oldestAt)}`],
  ['The newest', `${longDate(newest.takenAt)}, ${formatSize(newest.sizeBytes)}, id ${newest.id}`],
  [
    'Copies elsewhere',
    copies.length === 0 ? 'none is set up: should that computer burn, everything is gone' : copyList(copies),
  ],
  ['Vault id', html`<code>${vault.id}</code>`],
])}</section>`;
}

function copyList(copies: readonly CopyFacts[]): Markup {
  return html`${copies.map(
    ({ name, place, kind, offSite, lastAt }) =>
      html`<div>${name}: ${kind}, <code>${place}</code>${offSite ? ', not at home' : ''}${
        lastAt === undefined ? ', not made yet' : `, last brought up to date on ${longDate(lastAt)}`
      }</div>`,
  )}`;
}

function passwordSection(facts: RecoverySheetFacts): Markup {
  const { password, passwords, versions } = facts;
  if (password.kind === 'none') {
    return html`<section class="whole"><h2>The password</h2><p>None: these backups are not encrypted. They lack saved passwords, Health and call history.</p></section>`;
  }
  return html`<section><h2>The backup password</h2>
<p>${ownWords(facts)}</p>
${passwordBox(facts)}
${passwords.length > 1 || versions.unencrypted > 0 ? otherPasswords(facts) : undefined}
<p class="quiet">It is not the passcode of the device and not the password of the Apple Account. Nobody can recover it, Apple included.</p>
</section>`;
}

function ownWords({ passwords, versions }: RecoverySheetFacts): string {
  const [newest] = passwords;
  if (!versions.newest.encrypted) {
    return 'The newest version is not encrypted; earlier ones are. The password of the newest of these:';
  }
  const since = newest?.since === undefined ? '' : ` in use since ${longDate(newest.since)},`;
  return `The newest version is encrypted. Its password,${since} is needed to bring it back:`;
}

function passwordBox({ password, device }: RecoverySheetFacts): Markup {
  if (password.kind === 'printed') {
    return html`<div class="box">${spelled(password.password)}<p class="quiet">Proven to open it when this page was made.</p></div>`;
  }
  if (password.kind === 'shared') {
    const { needed, count, set } = password;
    return html`<div class="box"><p>It was split into <strong>${count} shares, of which any ${needed} give it back</strong> (set ${set}). Who has them:</p>
${Array.from({ length: count }, (_, i) => html`<p class="line">Share ${i + 1}:</p>`)}
<p>Bring ${needed} of them together and run <code>holdfast recovery-sheet join</code>. Each share also tells how to do it without this product.</p></div>`;
  }
  return html`<div class="box"><p>Not printed here. Write it down by hand, or where it is kept (for ${device.name}):</p><p class="line"></p><p class="line"></p></div>`;
}

function otherPasswords({ passwords, versions }: RecoverySheetFacts): Markup {
  const older = passwords.slice(1);
  return html`<p>Older versions keep the password they were made with:</p>
<ul>${older.map(
    ({ since, versions: count }) =>
      html`<li>${count === 1 ? 'one version' : `${count} versions`} with the password ${
        since === undefined ? 'of an earlier time' : `in use since ${longDate(since)}`
      }</li>`,
  )}${versions.unencrypted === 0 ? undefined : html`<li>${versions.unencrypted === 1 ? 'one version needs' : `${versions.unencrypted} versions need`} none</li>`}</ul>`;
}
