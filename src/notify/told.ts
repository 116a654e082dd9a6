import type { Notice, NoticeItem } from './notice.ts';

/** A notice in words: what every channel makes its message of. */
export interface Told {
  readonly notice: Notice;
  readonly language: 'en' | 'de';
  /** One line without control characters. */
  readonly title: string;
  readonly lines: readonly ToldLine[];
  /** A sentence below everything: where this comes from. */
  readonly closing: string;
  /** Where the web interface is. */
  readonly link: string | undefined;
}

export interface ToldLine {
  readonly item: NoticeItem;
  /** "At risk": never told by a colour alone. */
  readonly level: string;
  readonly sentence: string;
  readonly nextStep: string | undefined;
}

/** All of it as plain text, for people. */
export function plainText({ lines, closing, link }: Told): string {
  const parts = lines.map(({ sentence, nextStep }) =>
    nextStep === undefined ? sentence : `${sentence}\n→ ${nextStep}`,
  );
  return [...parts, [closing, link].filter((each) => each !== undefined).join('\n')].join('\n\n');
}

/** The lines alone, as short as a notification on a phone has to be. */
export function shortText({ lines, title }: Told): string {
  const single = lines.length === 1 && lines[0]?.sentence.replace(/\.$/, '') === title;
  const text = lines
    .map(({ sentence, nextStep }) => [...(single ? [] : [sentence]), ...(nextStep === undefined ? [] : [nextStep])])
    .filter((line) => line.length > 0)
    .map((line) => line.join(' '))
    .join('\n\n');
  return text === '' ? title : text;
}
