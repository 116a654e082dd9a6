import { isInline, type NoteAttachment, type NoteDocument, type NoteTranscript } from '../../content/index.ts';
import { formatSize } from '../../shared/text/size.ts';
import { html, safeLink, type Markup } from '../text/html.ts';
import { spanHtml, type PageLinks } from './span-html.ts';
import type { TakenFile, TakenFiles } from './taken-files.ts';
import { ATTACHMENT_PROBLEMS, attachmentTitle, durationWords } from './words.ts';

export interface AttachmentPage extends PageLinks {
  readonly files: ReadonlyMap<string, TakenFiles>;
  /** The address, from the page, of a file that was taken out. */
  readonly address: (path: string) => string;
}

/** What every browser shows. */
const SHOWN = /\.(?:jpe?g|png|gif|webp|avif)$/i;

/** An attachment that stands by itself. */
export function attachmentHtml(attachment: NoteAttachment, page: AttachmentPage): Markup {
  const { kind, table, parts } = attachment;
  if (isInline(kind)) return html``;
  if (table) return html`${tableHtml(table, page)}`;
  if (kind === 'link' || kind === 'map') return linkCard(attachment, page);
  const files = page.files.get(attachment.identifier);
  if (kind === 'gallery' && parts.length > 0) {
    return html`<div class="gallery">${parts.map((part) => attachmentHtml(part, page))}</div>`;
  }
  if (kind === 'audio' || kind === 'video') return recordingHtml(attachment, files, page);
  const shown = pictureOf(files);
  const original = addressOf(files?.pages ?? files?.file, page);
  if (shown !== undefined && (kind === 'image' || kind === 'drawing' || kind === 'scan' || kind === 'gallery')) {
    const picture = html`<img src="${page.address(shown)}" alt="${altOf(attachment)}" loading="lazy">`;
    const extra =
      kind === 'scan' && parts.length > 0
        ? html`<div class="gallery">${parts.map((part) => attachmentHtml(part, page))}</div>`
        : undefined;
    return html`<figure>${original === undefined ? picture : html`<a href="${original}">${picture}</a>`}${caption(attachment)}</figure>${extra}`;
  }
  return html`${fileCard(attachment, files, page)}${parts.map((part) => attachmentHtml(part, page))}`;
}

/** The file itself where browsers show it, else what it looks like. */
function pictureOf(files: TakenFiles | undefined): string | undefined {
  const candidates = [files?.file, files?.picture];
  const found = candidates.find((file) => file?.state === 'written' && SHOWN.test(file.path));
  return found?.state === 'written' ? found.path : undefined;
}

function addressOf(file: TakenFile | undefined, page: AttachmentPage): string | undefined {
  return file?.state === 'written' ? page.address(file.path) : undefined;
}

const altOf = (attachment: NoteAttachment): string =>
  [attachmentTitle(attachment), attachment.recognised].filter(Boolean).join(': ');

const caption = ({ title }: NoteAttachment): Markup | undefined =>
  title?.trim() && !/\.\w{2,4}$/.test(title) ? html`<figcaption>${title}</figcaption>` : undefined;

function recordingHtml(attachment: NoteAttachment, files: TakenFiles | undefined, page: AttachmentPage): Markup {
  const source = addressOf(files?.file, page);
  const poster = pictureOf(files);
  const player =
    source === undefined
      ? fileCard(attachment, files, page)
      : attachment.kind === 'video'
        ? html`<video controls preload="metadata" src="${source}"${poster && html` poster="${page.address(poster)}"`}></video>`
        : html`<audio controls preload="metadata" src="${source}"></audio>`;
  const length = attachment.durationSeconds ? ` · ${durationWords(attachment.durationSeconds)}` : '';
  const name =
    source === undefined
      ? undefined
      : html`<figcaption><a href="${source}">${attachmentTitle(attachment)}</a>${length}</figcaption>`;
  return html`<figure>${player}${name}${attachment.transcript && transcriptHtml(attachment.transcript)}</figure>${attachment.parts.map((part) => attachmentHtml(part, page))}`;
}

function transcriptHtml({ turns, summary }: NoteTranscript): Markup {
  const lines = turns.map(
    ({ atSeconds, speaker, text }) =>
      html`<p dir="auto"><span class="quiet">${atSeconds !== undefined && durationWords(atSeconds)} ${speaker}</span> ${text}</p>`,
  );
  return html`<details open><summary>Transcript</summary>${summary && html`<p class="summary">${summary}</p>`}${lines}</details>`;
}

function linkCard(attachment: NoteAttachment, page: AttachmentPage): Markup {
  const address = safeLink(attachment.target ?? '');
  const files = page.files.get(attachment.identifier);
  const picture = pictureOf(files);
  const title = attachment.title?.trim() || attachment.target || 'Link';
  const { place } = attachment;
  const where = place && html`<span class="quiet">${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}</span>`;
  const inside = html`${picture && html`<img src="${page.address(picture)}" alt="" loading="lazy">`}<span><b dir="auto">${title}</b><span class="quiet">${attachment.target}</span>${where}</span>`;
  return address === undefined
    ? html`<div class="card">${inside}</div>`
    : html`<a class="card" href="${address}">${inside}</a>`;
}

function fileCard(attachment: NoteAttachment, files: TakenFiles | undefined, page: AttachmentPage): Markup {
  const title = attachmentTitle(attachment);
  const taken = files?.file ?? files?.pages ?? files?.picture;
  const address = addressOf(files?.pages, page) ?? addressOf(files?.file, page) ?? addressOf(files?.picture, page);
  if (address !== undefined) {
    const picture = pictureOf(files);
    const size = taken?.state === 'written' ? formatSize(taken.sizeBytes) : undefined;
    return html`<a class="card" href="${address}">${picture && html`<img src="${page.address(picture)}" alt="" loading="lazy">`}<span><b dir="auto">${title}</b><span class="quiet">${size}</span></span></a>`;
  }
  const state =
    taken !== undefined && taken.state !== 'written' ? taken.state : (attachment.problem ?? 'not-in-backup');
  return html`<div class="card absent"><span><b dir="auto">${title}</b><span class="quiet">${ATTACHMENT_PROBLEMS[state]}</span></span></div>`;
}

function tableHtml(table: NonNullable<NoteAttachment['table']>, page: AttachmentPage): Markup {
  const rows = table.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cellHtml(cell, page)}</td>`)}</tr>\n`);
  return html`<div class="wide"><table class="cells"${table.isRightToLeft && html` dir="rtl"`}><tbody>${rows}</tbody></table></div>`;
}

function cellHtml({ paragraphs }: NoteDocument, page: AttachmentPage): Markup {
  return html`${paragraphs.map(({ spans }) => html`<p dir="auto">${spans.map((span) => spanHtml(span, page))}</p>`)}`;
}
