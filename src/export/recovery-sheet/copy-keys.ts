import { html, type Markup } from '../text/html.ts';
import type { CopyKey, RecoverySheetFacts } from './facts.ts';
import { spelled } from './letters.ts';
import { quoted } from './quoted.ts';

/** What opens the copies that are encrypted, and how everything comes out of them, should the vault be gone. */
export function copyKeys({ copies, device }: RecoverySheetFacts): Markup | undefined {
  const closed = copies.flatMap(({ name, key }) => (key === undefined ? [] : [{ name, key }]));
  if (closed.length === 0) return undefined;
  return html`<section><h2>The passwords of the copies</h2>
<p>Should the computer with the vault be gone, these bring everything back. Each is that of a restic repository, and another one than the backup password.</p>
${closed.map(({ name, key }) => copyKey(name, key, device.udid))}</section>`;
}

function copyKey(name: string, { repository, password, credentials }: CopyKey, udid: string): Markup {
  const written = password === undefined ? html`<p class="line"></p>` : spelled(password);
  const more =
    credentials.length === 0
      ? undefined
      : html`<p class="quiet">Its place also asks for ${credentials.join(', ')}. Who runs it gives new ones, should these be lost.</p>`;
  return html`<div class="box"><h3>${name}</h3>
${written}
<p>With Holdfast and restic, which are free, on any computer; FILE has the password on its first line:</p>
<code class="block">holdfast copies restore --restic ${quoted(repository)} --password-file FILE --to FOLDER</code>
<p>With restic alone, which asks for it, a folder as Finder and iTunes make it:</p>
<code class="block">restic -r ${quoted(repository)} restore latest --host ${udid} --target FOLDER</code>${more}</div>`;
}
