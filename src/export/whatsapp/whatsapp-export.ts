import { openWhatsApp, type WhatsApp } from '../../content/index.ts';
import type { ContentExport, ExportRequest, ExportSummary } from '../kind.ts';
import { WallTimes } from '../messages/wall-times.ts';
import { csv, csvCell, type CsvValue } from '../text/csv.ts';
import { jsonArray } from '../text/json.ts';
import { conversationPage } from './conversation-page.ts';
import { conversationText } from './conversation-text.ts';
import { indexPage, type IndexEntry } from './index-page.ts';
import { MediaCopies } from './media-copies.ts';
import { Selection, type Conversation } from './selection.ts';
import {
  CALL_COLUMNS,
  callData,
  callRow,
  CONTACT_COLUMNS,
  contactRow,
  MESSAGE_COLUMNS,
  messageData,
  messageRow,
  type TakenMessage,
} from './tables.ts';

/** WhatsApp: conversations as pages, as WhatsApp's own text, as tables or data, with their files beside them. */
export const whatsappExport: ContentExport = {
  kind: 'whatsapp',
  title: 'WhatsApp',
  formats: ['html', 'txt', 'csv', 'json'],
  async run(request: ExportRequest): Promise<ExportSummary | undefined> {
    using whatsapp = await openWhatsApp(request.backup);
    if (whatsapp === undefined) return undefined;
    const run = new Run(whatsapp, request);
    const startPage = await run.write();
    return { items: run.selection.taken, notes: run.notes(), ...(startPage !== undefined && { startPage }) };
  },
};

class Run {
  readonly selection: Selection;
  readonly #whatsapp: WhatsApp;
  readonly #request: ExportRequest;
  readonly #copies: MediaCopies;
  readonly #times: WallTimes;

  constructor(whatsapp: WhatsApp, request: ExportRequest) {
    this.#whatsapp = whatsapp;
    this.#request = request;
    this.#copies = new MediaCopies(request.backup, request.folder);
    this.#times = new WallTimes(request.timeZone);
    this.selection = new Selection(whatsapp, request);
  }

  /** @returns the page to begin with, where there are pages. */
  async write(): Promise<string | undefined> {
    const { folder, format } = this.#request;
    if (format === 'html' || format === 'txt') return this.#writeConversations(format);
    // Who was called and who is known belongs to no chat.
    const accounts = this.#request.options.chats === undefined ? this.#whatsapp.accounts : [];
    const calls = accounts.flatMap((account) => account.calls);
    const contacts = accounts.flatMap(({ people }) => people.contacts);
    if (format === 'json') {
      await folder.write(['Messages.json'], jsonArray(this.#data()));
      if (calls.length > 0)
        await folder.write(['Calls.json'], jsonArray(calls.map((each) => callData(each, this.#times))));
      if (contacts.length > 0) await folder.write(['Contacts.json'], jsonArray(contacts));
    } else {
      await folder.write(['Messages.csv'], this.#rows());
      if (calls.length > 0)
        await folder.write(
          ['Calls.csv'],
          csv(
            CALL_COLUMNS,
            calls.map((each) => callRow(each, this.#times)),
          ),
        );
      if (contacts.length > 0) await folder.write(['Contacts.csv'], csv(CONTACT_COLUMNS, contacts.map(contactRow)));
    }
    return undefined;
  }

  notes(): string[] {
    const { damaged } = this.selection;
    const what = damaged === 1 ? 'Of 1 WhatsApp message' : `Of ${damaged} WhatsApp messages`;
    return [...this.#copies.notes(), ...(damaged > 0 ? [`${what} not everything could be read.`] : [])];
  }

  async #writeConversations(format: 'html' | 'txt'): Promise<string | undefined> {
    const { folder } = this.#request;
    const entries: IndexEntry[] = [];
    for (const conversation of this.selection.conversations) {
      const before = this.selection.taken;
      const name = format === 'html' ? `${conversation.title}.html` : `WhatsApp Chat - ${conversation.title}.txt`;
      const content =
        format === 'html'
          ? conversationPage(conversation, this.#taken(conversation), this.#times)
          : conversationText(this.#taken(conversation), this.#times);
      const { path } = await folder.write([name], content);
      entries.push({ conversation, name: path, count: this.selection.taken - before });
    }
    if (format === 'txt' || entries.length === 0) return undefined;
    const calls = this.#whatsapp.accounts.flatMap((account) => account.calls);
    return (await folder.write(['index.html'], indexPage(entries, calls, this.#times))).path;
  }

  /** The messages of a conversation, their files put beside them as they come. */
  async *#taken(conversation: Conversation): AsyncGenerator<TakenMessage, undefined> {
    const into = [`${conversation.title} – files`];
    for (const message of conversation.messages()) {
      const copy = message.media === undefined ? undefined : await this.#copies.copy(message, into);
      yield { conversation, message, copy };
    }
  }

  async *#data(): AsyncGenerator<object, undefined> {
    for (const conversation of this.selection.conversations) {
      for await (const taken of this.#taken(conversation)) yield messageData(taken, this.#times);
    }
  }

  async *#rows(): AsyncGenerator<string, undefined> {
    yield [...csv(MESSAGE_COLUMNS, [])].join('');
    for (const conversation of this.selection.conversations) {
      for await (const taken of this.#taken(conversation)) yield csvLine(messageRow(taken, this.#times));
    }
  }
}

const csvLine = (cells: readonly CsvValue[]): string => `${cells.map(csvCell).join(',')}\r\n`;
