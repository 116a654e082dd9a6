import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useSearchParams } from 'wouter';
import { Conversations, MessagesPage as Answer, type Conversation } from '../../../../../src/contract/index.ts';
import { IconButton } from '../../../parts/button.tsx';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { messagesWords } from '../../../words/messages.ts';
import { useWords } from '../../../words/words.ts';
import { JumpDialog } from '../threads/jump-dialog.tsx';
import { MessageRow } from '../threads/message-row.tsx';
import { ThreadHeader, ThreadList } from '../threads/thread-list.tsx';
import { TakeOutDialog } from '../threads/take-out-dialog.tsx';
import { Thread } from '../threads/thread.tsx';
import { entranceIn, threadQuery } from '../threads/thread-query.ts';
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
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const [dialog, setDialog] = useState<'jump' | 'take-out'>();
  const path = ['messages', 'conversations', id];
  // One that stands further down in the list than was read so far tells its name itself.
  const asked = useQuery({ ...contentQuery(version.id, path, Answer, { limit: 1 }), enabled: known === undefined });
  const conversation = known ?? asked.data?.conversation;
  const address = addressIn(version.base, 'messages', id);
  const title = conversation?.title ?? '';
  const facts = [
    conversation?.isGroup && words.people(conversation.people.length + 1, format),
    conversation && words.count(conversation.messages, format),
    conversation?.services.join(', '),
  ];
  return (
    <>
      <ThreadHeader
        title={title}
        facts={facts.filter((fact) => typeof fact === 'string')}
        actions={
          <>
            <IconButton icon="clock" label={words.jump.title} onClick={() => setDialog('jump')} />
            <IconButton icon="download" label={words.takeOut.title} onClick={() => setDialog('take-out')} />
          </>
        }
      />
      <Thread
        key={search.toString()}
        of={threadQuery(version.id, path, Answer, entranceIn(search))}
        label={words.conversation(title)}
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
      <JumpDialog
        open={dialog === 'jump'}
        onClose={() => setDialog(undefined)}
        months={[...path, 'months']}
        onJump={(entrance) => {
          setDialog(undefined);
          navigate(entrance === '' ? address : `${address}?${entrance}`);
        }}
      />
      <TakeOutDialog
        open={dialog === 'take-out'}
        onClose={() => setDialog(undefined)}
        kind="messages"
        formats={['html', 'pdf', 'txt', 'csv', 'json', 'eml']}
        conversation={id}
        title={title}
      />
    </>
  );
}
