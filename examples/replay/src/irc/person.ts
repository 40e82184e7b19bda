/**
 * Somebody of the channel: a client of its own, over a link of its own. Does one thing after the other,
 * and keeps what it receives.
 */
import { type Client, connect, type Delivery, type Group } from '@choir/client';
import type { Link } from '../faults/link.ts';
import { digestOf, type Participant, type Received } from './record.ts';
import type { Act } from './script.ts';

type Staying = { joinedAt: number; readonly received: Received[]; leftAway: boolean };

export class Person {
  readonly #client: Client;
  readonly #channel: string;
  readonly #stays: Staying[] = [];
  #group: Group | null = null;
  #work: Promise<void> = Promise.resolve();
  #unsettled = 0;
  #settled: () => void = () => {};
  #failure: unknown = null;
  rejoins = 0;
  duplicates = 0;
  /** What was missed while away and came on rejoining. */
  missed = 0;

  constructor(link: Link, channel: string) {
    this.#client = connect(link.url, { agent: 'replay' });
    this.#channel = channel;
  }

  /** Hands over an act; it is done after those before. */
  perform(act: Act): void {
    this.#work = this.#work.then(() => this.#act(act));
    this.#work.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /** Resolves when everything handed over has taken effect. */
  async done(): Promise<void> {
    await this.#work;
    while (this.#unsettled > 0 && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#settled = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Resolves when this member has received what was logged at `globalId`, or is no member. */
  async reached(globalId: number): Promise<void> {
    const group = this.#group;
    if (group === null || group.position >= globalId) return;
    await new Promise<void>((resolve) => {
      const stops = [
        group.on('delivery', (delivery) => {
          if (delivery.globalId >= globalId) finish();
        }),
        group.on('rejoined', () => {
          if (group.position >= globalId) finish();
        }),
      ];
      const finish = () => {
        for (const stop of stops) stop();
        resolve();
      };
    });
  }

  get received(): number {
    return this.#stays.reduce((sum, { received }) => sum + received.length, 0);
  }

  get participant(): Participant {
    const clientId = this.#client.clientId ?? '';
    return { clientId, stays: this.#stays, present: this.#group !== null };
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #act(act: Act): Promise<void> {
    switch (act.kind) {
      case 'join':
        await this.#join(act.name);
        return;
      case 'say':
        this.#settle(this.#joined().broadcast(act.text));
        return;
      case 'rename':
        this.#settle(this.#joined().rename(act.name));
        return;
      case 'leave':
        await this.#leave();
        return;
      default:
        act satisfies never;
    }
  }

  async #join(name: string): Promise<void> {
    const stay: Staying = { joinedAt: 0, received: [], leftAway: false };
    this.#stays.push(stay);
    const begin = (group: Group) => {
      group.on('joined', ({ globalId }) => {
        stay.joinedAt = globalId;
      });
      group.on('delivery', ({ globalId, events }: Delivery) => {
        stay.received.push({ seq: globalId, digest: digestOf(events) });
      });
      group.on('rejoined', ({ delivered, duplicates, gap, conflicts, discarded }) => {
        this.rejoins += 1;
        this.duplicates += duplicates;
        this.missed += delivered;
        if (gap || conflicts.length + discarded.length > 0) {
          this.#failure ??= new Error('a rejoin lost something that was kept');
        }
      });
    };
    this.#group = await this.#client.join(this.#channel, { name, begin });
  }

  async #leave(): Promise<void> {
    const stay = this.#stays.at(-1);
    const look = () => {
      if (stay !== undefined && this.#client.connection.state !== 'online') stay.leftAway = true;
    };
    look();
    const stop = this.#client.on('connection', look);
    await this.#joined().leave();
    stop();
    this.#group = null;
  }

  #joined(): Group {
    if (this.#group === null) throw new Error('a person acts without having joined');
    return this.#group;
  }

  #settle(outcome: Promise<unknown>): void {
    this.#unsettled += 1;
    outcome.then(
      () => this.#over(),
      (error: unknown) => {
        this.#failure ??= error;
        this.#over();
      },
    );
  }

  #over(): void {
    this.#unsettled -= 1;
    if (this.#unsettled === 0 || this.#failure !== null) this.#settled();
  }
}
