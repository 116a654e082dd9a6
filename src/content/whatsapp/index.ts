export type { WhatsAppCall } from './calls.ts';
export type { WhatsAppChat } from './chat.ts';
export type { WhatsAppMedia } from './media.ts';
export type { WhatsAppMessage, WhatsAppReaction } from './message.ts';
export type { WhatsAppContact, WhatsAppPerson } from './people.ts';
export {
  openWhatsApp,
  WhatsApp,
  type WhatsAppAccount,
  whatsappChatKey,
  whatsappItems,
  whatsappKey,
} from './whatsapp.ts';
