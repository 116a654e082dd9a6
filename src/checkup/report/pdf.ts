import { once } from 'node:events';
import { loadSheet, type TextStyle } from '../../export/index.ts';
import type { CheckupState, Verdict } from '../../contract/index.ts';
import type { LineView, ReportView } from './view.ts';

const { INK, Sheet } = await loadSheet();
type Sheet = InstanceType<typeof Sheet>;

const COLOURS = { good: '#0b5c33', fair: '#6e4100', bad: '#8c1710', quiet: INK.quiet } as const;

const STATES: Readonly<Record<CheckupState, readonly [mark: string, colour: string]>> = {
  proven: ['✓', COLOURS.good],
  repaired: ['↺', COLOURS.fair],
  failed: ['✗', COLOURS.bad],
  unproven: ['?', COLOURS.quiet],
};
const VERDICTS: Readonly<Record<Verdict, readonly [mark: string, colour: string]>> = {
  safe: ['✓', COLOURS.good],
  attention: ['!', COLOURS.fair],
  'at-risk': ['✗', COLOURS.bad],
  unknown: ['?', COLOURS.quiet],
};

const TEXT: TextStyle = { size: 9.5 };
const SMALL: TextStyle = { size: 8 };
const STATE_WIDTH = 100;

/** A report as a PDF, which looks the same everywhere and for a long time. */
export async function pdfReport(view: ReportView, language: 'en' | 'de', createdAt: Date): Promise<Buffer> {
  const sheet = new Sheet(view.title, { title: `${view.title}: ${view.verdictWord}`, createdAt, language });
  const chunks: Buffer[] = [];
  sheet.document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(sheet.document, 'end');
  const { labels, steps, sections, facts } = view;
  write(sheet, view.title, { size: 18, isBold: true }, INK.text, 2);
  write(sheet, view.made.join(' '), SMALL, INK.quiet, 8);
  drawVerdict(sheet, view);
  if (steps.length > 0) {
    heading(sheet, labels.toDo);
    steps.forEach((step, at) => write(sheet, `${at + 1}. ${plain(step)}`, TEXT, INK.text, 3));
  }
  heading(sheet, labels.inDetail);
  write(sheet, labels.unprovenMeans, SMALL, INK.quiet, 4);
  for (const { title, lines } of sections) {
    sheet.need(60);
    sheet.y += 6;
    write(sheet, title, { size: 10.5, isBold: true }, INK.text, 3);
    for (const line of lines) drawLine(sheet, line, labels.next);
  }
  heading(sheet, labels.about);
  for (const [label, value] of facts) drawFact(sheet, label, value);
  sheet.y += 4;
  write(sheet, plain(labels.howToProve), SMALL, INK.quiet, 0);
  sheet.document.end();
  await ended;
  return Buffer.concat(chunks);
}

function drawVerdict(sheet: Sheet, { verdict, verdictWord, summary, counts }: ReportView): void {
  const [mark, colour] = VERDICTS[verdict];
  const padding = 12;
  const left = sheet.left + padding + 30;
  const width = sheet.right - padding - left;
  const word = sheet.set(verdictWord, { size: 15, isBold: true }, width);
  const why = sheet.set(summary, { size: 10.5 }, width);
  const all = sheet.set(
    counts.map(([state, count, name]) => `${STATES[state][0]} ${count} ${name}`).join('    '),
    TEXT,
    width,
  );
  const height = [word, why, all].reduce((sum, text) => sum + Sheet.heightOf(text), 2 * padding + 6);
  sheet.need(height);
  const top = sheet.y;
  sheet.document.roundedRect(sheet.left, top, sheet.width, height, 6).lineWidth(1.4).strokeColor(colour).stroke();
  const markText = sheet.set(mark, { size: 20, isBold: true }, 30);
  sheet.draw(markText, { x: sheet.left + padding, width: 30, align: 'left', color: colour }, top + padding - 3);
  let y = top + padding;
  for (const [text, color] of [
    [word, colour],
    [why, INK.text],
    [all, INK.quiet],
  ] as const) {
    sheet.draw(text, { x: left, width, align: 'left', color }, y);
    y += Sheet.heightOf(text) + 3;
  }
  sheet.y = top + height + 6;
}

function drawLine(sheet: Sheet, { state, stateWord, subject, text, details, steps }: LineView, next: string): void {
  const [mark, colour] = STATES[state];
  const x = sheet.left + STATE_WIDTH;
  const width = sheet.right - x;
  const about = subject === undefined ? '' : `${subject}: `;
  const main = sheet.set(plain(about + text), TEXT, width);
  sheet.need(Sheet.heightOf(main) + 8);
  sheet.document.moveTo(sheet.left, sheet.y).lineTo(sheet.right, sheet.y).lineWidth(0.5).strokeColor(INK.line).stroke();
  sheet.y += 4;
  const label = sheet.set(`${mark} ${stateWord}`, { ...TEXT, isBold: true }, STATE_WIDTH - 6);
  sheet.draw(label, { x: sheet.left, width: STATE_WIDTH - 6, align: 'left', color: colour }, sheet.y);
  sheet.draw(main, { x, width, align: 'left' }, sheet.y);
  sheet.y += Math.max(Sheet.heightOf(main), Sheet.heightOf(label));
  for (const detail of details) write(sheet, `· ${plain(detail)}`, SMALL, INK.quiet, 0, STATE_WIDTH);
  if (steps.length > 0) write(sheet, plain(`${next} ${steps.join(' ')}`), SMALL, INK.text, 0, STATE_WIDTH);
  sheet.y += 4;
}

function drawFact(sheet: Sheet, label: string, value: string): void {
  const shown = sheet.set(value, SMALL, sheet.width - 130);
  sheet.need(Sheet.heightOf(shown));
  sheet.draw(sheet.set(label, SMALL, 124), { x: sheet.left, width: 124, align: 'left', color: INK.quiet }, sheet.y);
  sheet.draw(shown, { x: sheet.left + 130, width: sheet.width - 130, align: 'left' }, sheet.y);
  sheet.y += Sheet.heightOf(shown) + 2;
}

function heading(sheet: Sheet, text: string): void {
  sheet.need(70);
  sheet.y += 10;
  write(sheet, text, { size: 13, isBold: true }, INK.text, 4);
}

/** Writes text below what is there, over as many pages as it takes. */
function write(sheet: Sheet, text: string, style: TextStyle, color: string, space: number, indent = 0): void {
  const width = sheet.width - indent;
  const { lines } = sheet.set(text, style, width);
  for (const line of lines) {
    const drawn = { lines: [line], style };
    sheet.need(Sheet.heightOf(drawn));
    sheet.draw(drawn, { x: sheet.left + indent, width, align: 'left', color }, sheet.y);
    sheet.y += Sheet.heightOf(drawn);
  }
  sheet.y += space;
}

/** On paper, what is to be typed stands without its marks. */
const plain = (text: string): string => text.replaceAll('`', '');
