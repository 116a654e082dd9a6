import { useQuery } from '@tanstack/react-query';
import { WhatsAppChats, WhatsAppPage as Answer, type WhatsAppChat } from '../../../../../src/contract/index.ts';
import { EmptyState } from '../../../parts/states.tsx';
import { useFormats } from '../../../telling/use-formats.ts';
import { messagesWords } from '../../../words/messages.ts';
import { versionWords } from '../../../words/version.ts';
import { whatsappWords } from '../../../words/whatsapp.ts';
import { useWords } from '../../../words/words.ts';
import { MessageRow } from '../threads/message-row.tsx';
import { OpenThread } from '../threads/open-thread.tsx';
import { ThreadList } from '../threads/thread-list.tsx';
import { ThreadsPage, type ThreadProps, type ThreadsProps } from '../threads/threads-page.tsx';
import { contentQuery } from '../version-queries.ts';
import { addressIn, useVersion } from '../version.ts';
import { asMessage } from './as-message.ts';

/** Chats of WhatsApp, shown as conversations are. */
export default function WhatsAppPage() {
  const { kinds } = useWords(versionWords);
  const { none } = useWords(whatsappWords);
  return (
    <ThreadsPage
      title={kinds.whatsapp}
      place="whatsapp"
      path={['whatsapp', 'chats']}
      schema={WhatsAppChats}
      empty={<EmptyState title={none} />}
      list={ChatList}
      detail={OneChat}
    />
  );
}

function ChatList({ threads, chosen }: ThreadsProps<WhatsAppChat>) {
  const words = useWords(messagesWords);
  const { kindsOfChat } = useWords(whatsappWords);
  const format = useFormats();
  const { base } = useVersion();
  return (
    <ThreadList
      threads={threads.map(({ id, title, lastAt, messages, kind, app, isArchived }) => ({
        id,
        address: addressIn(base, 'whatsapp', id),
        title,
        at: lastAt,
        isChosen: id === chosen,
        line: [
          kindsOfChat[kind],
          words.count(messages, format),
          isArchived === true && words.archived,
          app !== 'WhatsApp' && app,
        ]
          .filter((each) => typeof each === 'string')
          .join(' · '),
      }))}
    />
  );
}

function OneChat({ id, known }: ThreadProps<WhatsAppChat>) {
  const words = useWords(messagesWords);
  const { eventWithoutWords } = useWords(whatsappWords);
  const format = useFormats();
  const version = useVersion();
  const path = ['whatsapp', 'chats', id];
  const asked = useQuery({ ...contentQuery(version.id, path, Answer, { limit: 1 }), enabled: known === undefined });
  const chat = known ?? asked.data?.chat;
  const address = addressIn(version.base, 'whatsapp', id);
  const isGroup = chat !== undefined && chat.kind !== 'private';
  return (
    <OpenThread
      kind="whatsapp"
      id={id}
      path={path}
      schema={Answer}
      title={chat?.title ?? ''}
      facts={[
        isGroup && chat.members.length > 0 && words.people(chat.members.length, format),
        chat && words.count(chat.messages, format),
        chat?.app,
      ]}
      formats={['html', 'txt', 'csv', 'json']}
      renderRow={(message, before, after, isWanted) => (
        <MessageRow
          message={asMessage(message, eventWithoutWords)}
          before={before && asMessage(before, eventWithoutWords)}
          after={after && asMessage(after, eventWithoutWords)}
          isWanted={isWanted}
          isGroup={isGroup}
          addressOf={() => address}
        />
      )}
    />
  );
}
