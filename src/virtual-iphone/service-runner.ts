import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isAppError } from '../shared/errors.ts';
import { isConnectionTrouble } from './connections.ts';
import type { PhoneContext, ServiceConnection } from './context.ts';
import { FaultyStream } from './faulty-stream.ts';
import type { EscrowRule, ServiceRequest } from './lockdown/server.ts';
import { TlsRefusedError, type PhoneTls } from './lockdown/tls.ts';
import type { PortHandler, Transport } from './ports.ts';
import type { Service, ServiceTable } from './services/service.ts';

/** A port that nothing ever listens on. */
const CLOSED_PORT = 1;

export interface ServiceRunnerOptions {
  readonly context: PhoneContext;
  readonly tls: PhoneTls;
  readonly services: ServiceTable;
  readonly escrow: EscrowRule;
  /** Opens a port for one connection on the transport the request came by. */
  readonly openPort: (transport: Transport, handler: PortHandler) => Promise<number>;
}

/** Decides on StartService requests and runs the services on the connections that follow. */
export class ServiceRunner {
  readonly #options: ServiceRunnerOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: ServiceRunnerOptions) {
    this.#options = options;
  }

  async start(request: ServiceRequest): Promise<{ port: number; tls: boolean } | { error: string }> {
    const { context, services, openPort } = this.#options;
    const service = services.get(request.name);
    if (service === undefined) return { error: 'InvalidService' };
    const error = this.#refusalOf(service, request);
    if (error !== undefined) return { error };
    const tls = this.#isSecure(request);
    if (context.faults.isRefused(request.name)) return { port: CLOSED_PORT, tls };
    const port = await openPort(request.transport, (socket) => this.#run(service, request, socket));
    return { port, tls };
  }

  /** Resolves when no service is being served any more. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #refusalOf(service: Service, { name, pairing, escrowBag }: ServiceRequest): string | undefined {
    const { context, escrow } = this.#options;
    if (pairing === undefined) return service.open ? undefined : 'SessionInactive';
    if (!service.needsEscrow) return undefined;
    if (escrowBag !== undefined && escrowBag.toString('hex') !== pairing.escrowBag) {
      context.breaches.report(
        'lockdown.escrow-bag',
        `${name} was started with an escrow bag that is not the pairing’s`,
      );
      return 'EscrowLocked';
    }
    const required = escrow.required === 'always' || (escrow.required === 'when-locked' && context.screen.locked);
    return required && escrowBag === undefined ? escrow.error : undefined;
  }

  /** On a cable, iOS encrypts what its services say only since iOS 12 (libimobiledevice #153, #694, #1540). */
  #isSecure({ pairing, transport }: ServiceRequest): boolean {
    const { productVersion } = this.#options.context.identity;
    return pairing !== undefined && (transport === 'network' || Number.parseInt(productVersion, 10) >= 12);
  }

  #run(service: Service, request: ServiceRequest, socket: Socket): void {
    const running = this.#serve(service, request, socket).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #serve(service: Service, request: ServiceRequest, socket: Socket): Promise<void> {
    const { context, tls } = this.#options;
    const { name, pairing, transport, escrowBag } = request;
    const isSecure = this.#isSecure(request);
    const fault = context.faults.takeStreamFault(name);
    const plain: Duplex = fault === undefined ? socket : new FaultyStream(socket, fault);
    const closed = new AbortController();
    socket.once('close', () => closed.abort());
    const connection: ServiceConnection = {
      service: name,
      transport,
      escrow: escrowBag !== undefined,
      hostId: pairing?.hostId,
      signal: closed.signal,
    };
    try {
      const stream = pairing !== undefined && isSecure ? await tls.accept(plain, pairing) : plain;
      stream.on('error', () => {});
      await service.serve(stream, context, connection);
      await ended(stream);
    } catch (error) {
      this.#report(name, error);
    } finally {
      plain.destroy();
      socket.destroy();
    }
  }

  /** Hosts hang up whenever they like; what breaks the protocol is reported. What is left is a bug of the phone. */
  #report(service: string, error: unknown): void {
    const { breaches } = this.#options.context;
    if (error instanceof TlsRefusedError) {
      // Clients that only probe a port close it during the handshake.
      if (error.reason !== 'closed') breaches.report(`service.tls-${error.reason}`, `${service}: ${error.message}`);
    } else if (isAppError(error, 'PROTOCOL_VIOLATION', 'FORMAT_INVALID')) {
      breaches.report(`${service}.frame`, error.message);
    } else if (!isAppError(error) && !isConnectionTrouble(error)) {
      throw error;
    }
  }
}

/** Says goodbye to the host and lets what was written go out. */
function ended(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableFinished) resolve();
    stream.once('close', () => resolve());
    stream.end(() => resolve());
  });
}
