/** Reading the state of a group without joining it, and asking how the server is. */
import type { FromClient, FromServer } from '@choir/protocol';
import { Copy } from './copy.ts';
import type { Effects } from './effects.ts';
import type { Breach } from './followed.ts';
import type { Request, Requests } from './requests.ts';

type Message<Kind> = Extract<FromServer, { kind: Kind }>;

type Reading = { readonly begin: Message<'transfer_begin'>; readonly copy: Copy };

export class Reads {
  readonly #requests: Requests;
  readonly #effects: Effects;
  readonly #readings = new Map<number, Reading>();

  constructor(requests: Requests, effects: Effects) {
    this.#requests = requests;
    this.#effects = effects;
  }

  ask(requestId: number, request: Request, say: (message: FromClient) => void): void {
    if (request.kind === 'status') say({ kind: 'status', requestId });
    if (request.kind !== 'read') return;
    const { group, objects } = request;
    say({ kind: 'read_state', requestId, group, objects });
  }

  askAll(say: (message: FromClient) => void): void {
    for (const [requestId, request] of this.#requests.all) this.ask(requestId, request, say);
  }

  begin(begin: Message<'transfer_begin'>): Breach {
    this.#readings.set(begin.requestId, { begin, copy: Copy.from(begin) });
    return null;
  }

  add({ requestId, updates }: Message<'transfer_objects'>): Breach {
    const reading = this.#readings.get(requestId);
    if (reading === undefined) return 'Objects came outside of a transfer.';
    reading.copy.addUpdates(updates);
    return null;
  }

  end({ requestId }: Message<'transfer_end'>): Breach {
    const reading = this.#readings.get(requestId);
    if (reading === undefined) return 'A transfer ended that never began.';
    this.#readings.delete(requestId);
    this.#requests.remove(requestId);
    const { group, at, created, stateful, absenceMs, properties, members, locks } = reading.begin;
    const objects = reading.copy.objects.all;
    const state = { group, exists: created !== 0, at, stateful, absenceMs, properties };
    this.#effects.emit({ kind: 'state', requestId, state: { ...state, members, locks, objects } });
    return null;
  }

  status({ kind, requestId, ...status }: Message<'status'>): Breach {
    if (this.#requests.get(requestId)?.kind !== kind)
      return 'A status came that was not asked for.';
    this.#requests.remove(requestId);
    this.#effects.emit({ kind, requestId, status });
    return null;
  }

  refused({ requestId, code, message }: Message<'request_refused'>): void {
    this.#readings.delete(requestId);
    this.#requests.remove(requestId);
    this.#effects.emit({ kind: 'request_refused', requestId, code, message });
  }

  disconnected(): void {
    this.#readings.clear();
  }
}
