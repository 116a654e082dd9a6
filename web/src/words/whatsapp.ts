import { inBoth } from './in-both.ts';

export const whatsappWords = inBoth({
  en: {
    none: 'There are no chats of WhatsApp in this version',
    eventWithoutWords: 'Something changed in the chat',
    kindsOfChat: {
      private: 'Chat',
      group: 'Group',
      broadcast: 'Broadcast',
      status: 'Status',
      channel: 'Channel',
      unknown: 'Chat',
    },
  },
  de: {
    none: 'In dieser Version sind keine Chats von WhatsApp',
    eventWithoutWords: 'Im Chat hat sich etwas geändert',
    kindsOfChat: {
      private: 'Chat',
      group: 'Gruppe',
      broadcast: 'Broadcast',
      status: 'Status',
      channel: 'Kanal',
      unknown: 'Chat',
    },
  },
});
