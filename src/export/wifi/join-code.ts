import { correction, generate } from 'lean-qr';
import type { WifiNetwork } from '../../content/index.ts';
import { html, Markup } from '../text/html.ts';

/**
 * What a camera reads to join a network: "WIFI:T:WPA;S:name;P:password;;".
 *
 * @returns undefined where a code cannot say it: a password that is not known, or one of a person at a company.
 */
export function joinText({ name, nameBytes, security, password, isHidden }: WifiNetwork): string | undefined {
  if (nameBytes !== undefined || /enterprise|eap/i.test(security ?? '')) return undefined;
  const hidden = isHidden === true ? 'H:true;' : '';
  const text = password?.text;
  if (text !== undefined)
    return `WIFI:T:${/wep/i.test(security ?? '') ? 'WEP' : 'WPA'};S:${escaped(name)};P:${escaped(text)};${hidden};`;
  return /^(?:open|none)$/i.test(security ?? '') ? `WIFI:T:nopass;S:${escaped(name)};${hidden};` : undefined;
}

const escaped = (text: string): string => text.replace(/[\\;,:"]/g, String.raw`\$&`);

/** The code as a drawing, four light modules around it as readers want them. */
export function joinCode(text: string, label: string): Markup {
  const code = generate(text, { minCorrectionLevel: correction.M });
  let path = '';
  for (let y = 0; y < code.size; y++) {
    for (let x = 0; x < code.size; x++) {
      let end = x;
      while (end < code.size && code.get(end, y)) end++;
      if (end > x) path += `M${x + 4} ${y + 4}h${end - x}v1h${x - end}z`;
      x = Math.max(x, end);
    }
  }
  const size = code.size + 8;
  // Black on white, whatever the colours of the page: readers want it so.
  return html`<svg class="code" role="img" aria-label="${label}" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z" /><path fill="#000" d="${path}" /></svg>`;
}
