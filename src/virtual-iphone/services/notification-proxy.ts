import type { Duplex } from 'node:stream';
import { encodePlistFrame } from '../../device/index.ts';
import { stringAt, type PlistDictionary } from '../../formats/index.ts';
import type { PhoneContext, ServiceConnection } from '../context.ts';
import { servePlists, type PlistServiceReply } from './plist-service.ts';
import type { Service } from './service.ts';

/** com.apple.mobile.notification_proxy: hosts observe the phone's notifications by name, and post their own. */
export const notificationProxy: Service = { serve };

/** The variant that usbmuxd uses before it is trusted: no session, no TLS, and only what pairing needs. */
export const insecureNotificationProxy: Service = { serve, open: true };

const PAIRING_NOTIFICATIONS = /^com\.apple\.mobile\.lockdown\./;

async function serve(stream: Duplex, context: PhoneContext, connection: ServiceConnection): Promise<void> {
  const trusted = connection.hostId !== undefined;
  const observed = new Set<string>();
  const stopListening = context.notifications.listen((name) => {
    if (observed.has(name) && stream.writable) {
      stream.write(encodePlistFrame({ Command: 'RelayNotification', Name: name }));
    }
  });
  const answer = (request: PlistDictionary): PlistServiceReply => {
    const name = stringAt(request, 'Name');
    const command = stringAt(request, 'Command');
    if (command === 'Shutdown') return { replies: [{ Command: 'ProxyDeath' }], last: true };
    const known = command === 'ObserveNotification' || command === 'PostNotification';
    if (!known || name === undefined) {
      context.breaches.report(`${connection.service}.command`, `“${command}” is no command with a name`);
      return { replies: [] };
    }
    if (!trusted && !PAIRING_NOTIFICATIONS.test(name)) return { replies: [] };
    if (command === 'ObserveNotification') observed.add(name);
    else context.notifications.post(name, 'host');
    return { replies: [] };
  };
  try {
    await servePlists(stream, context, {
      name: connection.service,
      command: (request) => stringAt(request, 'Command') ?? '',
      answer,
      errorReply: (code) => ({ Command: 'ProxyDeath', Error: code }),
    });
  } finally {
    stopListening();
  }
}
