import { html, type Markup } from '../text/html.ts';

export const ICON_STYLE = `
.app-icon { display: flex; align-items: center; justify-content: center; width: 2.6rem; height: 2.6rem; border-radius: 22.5%; overflow: hidden; color: #fff; font-size: 1.2rem; font-weight: 600; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
.app-icon img { width: 100%; height: 100%; display: block; }
`;

/** The picture of an app, or its initial on a colour of its own where the backup has no picture. */
export function appIcon(bundleId: string, name: string | undefined, picture: Uint8Array | undefined): Markup {
  if (picture !== undefined) {
    const data = `data:image/png;base64,${Buffer.from(picture).toString('base64')}`;
    return html`<span class="app-icon"><img src="${data}" alt="" loading="lazy"></span>`;
  }
  const [initial = '?'] = new Intl.Segmenter().segment(name ?? lastPart(bundleId)).containing(0)?.segment ?? '?';
  return html`<span class="app-icon" style="background:hsl(${hueOf(bundleId)} 45% 46%)">${initial.toUpperCase()}</span>`;
}

/** "cookbook" of "com.example.cookbook": the best there is where nothing tells the name. */
export const lastPart = (bundleId: string): string => bundleId.split('.').findLast((part) => part !== '') ?? bundleId;

function hueOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}
