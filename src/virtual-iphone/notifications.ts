export type NotificationOrigin = 'phone' | 'host';
export type NotificationListener = (name: string, origin: NotificationOrigin) => void;

/**
 * The phone's Darwin notifications: names without content. Both ends of the phone meet here: services post (origin
 * `phone`) what notification_proxy relays to hosts, and hear what hosts post.
 */
export class NotificationHub {
  readonly #listeners = new Set<NotificationListener>();

  post(name: string, origin: NotificationOrigin = 'phone'): void {
    for (const listener of this.#listeners) listener(name, origin);
  }

  /** Hears every notification until the returned function is called. */
  listen(listener: NotificationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
