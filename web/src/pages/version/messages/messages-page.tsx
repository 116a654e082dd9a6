import { useQuery } from '@tanstack/react-query';
import { Conversations, MessagesPage as Answer, type Conversation } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { MessageRow } from '../threads/message-row.tsx';
import { OpenThread } from '../threads/open-thread.tsx';
import { ThreadList } from '../threads/thread-list.tsx';
import { ThreadsPage, type ThreadProps, type ThreadsProps } from '../threads/threads-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';

/** Conversations of iMessage and SMS. */
export default function MessagesPage() {
  const words = useWords(messagesWords);
  return (
    <ThreadsPage
      title={words.title}
      place="messages"
      path={['messages', 'conversations']}
      schema={Conversations}
      empty={<EmptyState title={words.none}>{words.noneHint}</EmptyState>}
      list={ConversationList}
      detail={OneConversation}
    />
  );
}

function ConversationList({ threads, chosen }: ThreadsProps<Conversation>) {
  const words = useWords(messagesWords);
  const format = useFormats();
  const { base } = useVersion();
  return (
    <ThreadList
      threads={threads.map(({ id, title, lastAt, last, isGroup }) => ({
        id,
        address: addressIn(base, 'messages', id),
        title,
        at: lastAt,
        isChosen: id === chosen,
        line: lineOf(last, isGroup, words, format),
      }))}
    />
  );
}

function lineOf(
  last: Conversation['last'],
  isGroup: boolean,
  words: (typeof messagesWords)['en'],
  format: ReturnType<typeof useFormats>,
): string {
  if (last === undefined) return '';
  const text = last.text ?? (last.files > 0 ? words.files(last.files, format) : words.event);
  if (last.fromMe) return words.you(text);
  return isGroup && last.sender !== undefined ? words.by(last.sender, text) : text;
}

function OneConversation({ id, known }: ThreadProps<Conversation>) {
  const words = useWords(messagesWords);
  const format = useFormats();
  const version = useVersion();
  const path = ['messages', 'conversations', id];
  // One that stands further down in the list than was read so far tells its name itself.
  const asked = useQuery({ ...contentQuery(version.id, path, Answer, { limit: 1 }), enabled: known === undefined });
  const conversation = known ?? asked.data?.conversation;
  const address = addressIn(version.base, 'messages', id);
  return (
    <OpenThread
      kind="messages"
      id={id}
      path={path}
      schema={Answer}
      title={conversation?.title ?? ''}
      facts={[
        conversation?.isGroup && words.people(conversation.people.length + 1, format),
        conversation && words.count(conversation.messages, format),
        conversation?.services.join(', '),
      ]}
      months={[...path, 'months']}
      formats={['html', 'pdf', 'txt', 'csv', 'json', 'eml']}
      renderRow={(message, before, after, isWanted) => (
        <MessageRow
          message={message}
          before={before}
          after={after}
          isWanted={isWanted}
          isGroup={conversation?.isGroup ?? false}
          addressOf={(answered) => `${address}?${new URLSearchParams({ message: answered }).toString()}`}
        />
      )}
    />
  );
}
