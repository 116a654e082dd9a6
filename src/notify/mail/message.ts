import type { MailChannel } from '../../contract/index.ts';
import { escapeHtml } from '../../shared/text/escape-html.ts';
import type { Notice } from '../notice.ts';
import { plainText, type Told } from '../told.ts';

/** The parts of a mail that are ours; how they are encoded is the library's. */
export interface MailMessage {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string[];
  readonly subject: string;
  readonly date: Date;
  readonly messageId: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

/**
 * A mail as text and as simple HTML: no pictures, nothing from elsewhere, readable in light and dark.
 *
 * `Auto-Submitted` (RFC 3834) keeps holiday answers from coming back. The Message-ID is the same whenever the same notice
 * is sent again to the same people, so that a mail that arrived twice is shown once.
 */
export function mailMessage(channel: MailChannel, told: Told, now: Date): MailMessage {
  const domain = channel.sender.slice(channel.sender.lastIndexOf('@') + 1);
  return {
    from: { name: 'Holdfast', address: channel.sender },
    to: channel.to,
    subject: told.title,
    date: now,
    messageId: `<${idPart(told.notice)}.${idPart({ id: channel.id })}@${domain}>`,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Holdfast-Kind': told.notice.kind,
    },
    text: `${plainText(told)}\n`,
    html: htmlOf(told),
  };
}

const idPart = ({ id }: Pick<Notice, 'id'>): string => id.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 100);

const COLOURS = { safe: '#1a7f37', attention: '#9a6700', 'at-risk': '#cf222e' } as const;

function htmlOf({ lines, language, title, closing, link }: Told): string {
  const rows = lines.map(
    ({ item, level, sentence, nextStep }) =>
      `<div style="border-left:4px solid ${COLOURS[item.level]};padding:2px 0 2px 12px;margin:0 0 16px">` +
      `<p style="margin:0;font-size:13px;opacity:.8">${escapeHtml(level)}</p>` +
      `<p style="margin:0 0 4px;font-weight:600">${escapeHtml(sentence)}</p>` +
      (nextStep === undefined ? '' : `<p style="margin:0">${escapeHtml(nextStep)}</p>`) +
      '</div>',
  );
  const foot = [
    escapeHtml(closing),
    ...(link === undefined ? [] : [`<a href="${escapeHtml(link)}">${escapeHtml(link)}</a>`]),
  ];
  return (
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">` +
    `<title>${escapeHtml(title)}</title></head>` +
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:36em;margin:0 auto;padding:16px">' +
    `${rows.join('')}<p style="font-size:13px;opacity:.7;margin:24px 0 0">${foot.join('<br>')}</p></body></html>`
  );
}
