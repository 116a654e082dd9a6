import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Conversation } from '../../../content/index.ts';
import { planPages, type PagePlan } from '../html/pages.ts';
import { isShown, participantsWords, periodWords, sourceWords, type TakeOut } from '../take-out.ts';
import { WallTimes } from '../wall-times.ts';
import { drawDay, drawMessage, type Drawing } from './draw-message.ts';
import { INK, Sheet } from './sheet.ts';

/** A PDF for each conversation, or for each of its years where it is long. */
export async function writePdf(out: TakeOut): Promise<undefined> {
  const missing = new Set<string>();
  for (const conversation of out.selection.conversations) {
    for (const plan of planPages(conversation, out.selection.of(conversation), out.times)) {
      const name = plan.name === undefined ? conversation.title : `${conversation.title} ${plan.name}`;
      await out.request.folder.write([`${name}.pdf`], pdf(out, conversation, plan, missing));
    }
  }
  if (missing.size > 0) {
    out.notes.push(
      `No font for ${[...missing].toSorted().join(', ')} was found on this computer: such letters stand as □ in the PDF. The HTML pages show them.`,
    );
  }
}

async function* pdf(
  out: TakeOut,
  conversation: Conversation,
  plan: PagePlan,
  missing: Set<string>,
): AsyncGenerator<Buffer, undefined> {
  const { times, request } = out;
  const period = plan.name === undefined ? periodWords(conversation, times) : WallTimes.monthWords(plan.name);
  const title = period === '' ? conversation.title : `${conversation.title}, ${period}`;
  const createdAt = request.backup.facts?.date ?? request.backup.info?.lastBackupAt ?? new Date(0);
  const sheet = new Sheet(title, { title, createdAt });
  const chunks: Buffer[] = [];
  sheet.document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(sheet.document, 'end');
  const drawing = { sheet, backup: request.backup, views: out.views, conversation, times };
  drawTitle(out, drawing, plan.name === undefined ? '' : WallTimes.monthWords(plan.name));
  let day = '';
  let count = 0;
  for (const message of plan.messages) {
    if (!isShown(message)) continue;
    if (message.attachments.length > 0) for (const each of message.attachments) out.copies.lookUp(each);
    const today = message.sentAt === null ? day : times.day(message.sentAt);
    if (today !== day) drawDay(drawing, WallTimes.dayTitle(today));
    day = today;
    await drawMessage(drawing, message);
    if (++count % 100 !== 0) continue;
    // What is written comes out when nothing else runs.
    await setImmediate();
    yield* chunks.splice(0);
  }
  sheet.document.end();
  await ended;
  yield* chunks;
  for (const script of sheet.typefaces.missing) missing.add(script);
}

function drawTitle(out: TakeOut, { sheet, conversation }: Drawing, period: string): void {
  const { title, services, messageCount } = conversation;
  const heading = sheet.set(period === '' ? title : `${title}, ${period}`, { size: 17, isBold: true }, sheet.width);
  sheet.draw(heading, { x: sheet.left, width: sheet.width, align: 'left' }, sheet.y);
  sheet.y += Sheet.heightOf(heading) + 4;
  const facts = [
    participantsWords(conversation),
    [...services, `${messageCount.toLocaleString('en')} messages`, periodWords(conversation, out.times)]
      .filter((each) => each !== '')
      .join(', '),
    `${sourceWords(out)}. Times are those of ${out.times.zone}.`,
  ].filter((line) => line !== '');
  const text = sheet.set(facts.join('\n'), { size: 8.5 }, sheet.width);
  sheet.draw(text, { x: sheet.left, width: sheet.width, align: 'left', color: INK.quiet }, sheet.y);
  sheet.y += Sheet.heightOf(text) + 8;
}
