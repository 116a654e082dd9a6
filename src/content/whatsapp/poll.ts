import { decodeProtobuf } from '../../formats/index.ts';

/** More answers than WhatsApp allows (twelve), and more votes than a group has members. */
const [MAX_OPTIONS, MAX_VOTES] = [100, 10_000];

/**
 * A poll in words: the question, and a line for each answer with how many chose it. It stands in
 * ZWAMESSAGEINFO.ZRECEIPTINFO:
 *
 *   8: the poll { 2 question, 3 answers { 1 text }, 5 votes of others { 1 numbers of answers, 4 who }, 6 vote of the owner }
 *
 * @returns undefined where there is no question.
 * @throws {FormatError} when the blob is damaged.
 */
export function pollText(receiptInfo: Uint8Array): string | undefined {
  const poll = decodeProtobuf(receiptInfo).message(8);
  const question = poll?.text(2);
  if (poll === undefined || question === undefined || question === '') return undefined;
  const options = [...poll.messages(3)].slice(0, MAX_OPTIONS);
  const counts = options.map(() => 0);
  for (const vote of [...poll.messages(5), ...poll.messages(6)].slice(0, MAX_VOTES)) {
    for (const option of new Set(vote.allUnsigned(1))) if (counts[option] !== undefined) counts[option]++;
  }
  return [question, ...options.map((option, i) => `• ${option.text(1) ?? ''} (${counts[i]})`)].join('\n');
}
