import { hostname } from 'node:os';
import { because, say, type Language } from '../contract/index.ts';
import type { Notice } from './notice.ts';
import type { Told, ToldLine } from './told.ts';

export interface WordsContext {
  readonly language: Language;
  readonly now: Date;
  readonly timeZone: string;
  readonly link?: string | undefined;
}

const LEVELS = {
  safe: because('level-safe', {}),
  attention: because('level-attention', {}),
  'at-risk': because('level-at-risk', {}),
} as const;
/** Longer ones are cut by what shows them, in worse places. */
const MAX_TITLE_CHARS = 120;

/** Puts a notice into words, as they are true at this moment. */
export function inWords(notice: Notice, context: WordsContext): Told {
  const { language, now, timeZone } = context;
  const lines = notice.items.map((item): ToldLine => ({
    item,
    level: withoutStop(say(LEVELS[item.level], language, now, timeZone)),
    sentence: visible(say(item.reason, language, now, timeZone)),
    nextStep: item.nextStep === undefined ? undefined : visible(say(item.nextStep, language, now, timeZone)),
  }));
  return {
    notice,
    language,
    lines,
    title: titleOf(notice, lines, context),
    closing: say(because('notice-from', { computer: hostname() }), language, now, timeZone),
    link: context.link,
  };
}

function titleOf(
  { kind, items }: Notice,
  lines: readonly ToldLine[],
  { language, now, timeZone }: WordsContext,
): string {
  const [first] = lines;
  const count = items.length;
  const title =
    kind === 'all-is-well'
      ? say(because('notice-well', {}), language, now, timeZone)
      : count === 1 || kind === 'report'
        ? (first?.sentence ?? '')
        : say(
            because(kind === 'cleared' ? 'notice-several-over' : 'notice-several', { count }),
            language,
            now,
            timeZone,
          );
  const short =
    title.length > MAX_TITLE_CHARS
      ? `${Array.from(title)
          .slice(0, MAX_TITLE_CHARS - 1)
          .join('')
          .trimEnd()}…`
      : title;
  return withoutStop(short);
}

const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

/** Names come from phones: what would begin a line or turn the direction of writing is shown as a space. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ');
}
