/** Two clients that behave. Whatever else happens, each hears what the other says, in order. */
import { RawClient } from '../websocket/raw-client.ts';

export class Witnesses {
  readonly #speaker: RawClient;
  readonly #listener: RawClient;
  readonly #group: string;
  #said = 0;
  #heard = 0;
  #last = '';
  #looked = 0;

  private constructor(speaker: RawClient, listener: RawClient, group: string) {
    this.#speaker = speaker;
    this.#listener = listener;
    this.#group = group;
  }

  static async meet(url: string, group = 'calm'): Promise<Witnesses> {
    const speaker = await RawClient.attach(url, 'speaker');
    const listener = await RawClient.attach(url, 'listener');
    for (const each of [speaker, listener]) {
      each.join(group);
      await each.until('transfer_end');
    }
    return new Witnesses(speaker, listener, group);
  }

  /** They talk until the attack is over, and once more after it. */
  async talkDuring(attack: () => Promise<void>): Promise<void> {
    let over = false;
    const attacked = attack().finally(() => {
      over = true;
    });
    const talked = (async () => {
      while (!over) await this.#talk();
    })();
    await Promise.all([attacked, talked]);
    await this.#talk();
  }

  leave(): void {
    this.#speaker.close();
    this.#listener.close();
  }

  async #talk(): Promise<void> {
    this.#said += 1;
    const text = `word ${this.#said}`;
    this.#speaker.bcast(this.#group, text);
    await this.#listener.untilTrue(() => this.#listen() === this.#said, text);
    if (this.#last !== text) throw new Error(`heard ${this.#last}, not ${text}`);
  }

  /** Takes in what came since the last time; how much was heard in all. */
  #listen(): number {
    const { received } = this.#listener;
    for (const message of received.slice(this.#looked)) {
      if (message.kind !== 'delivery') continue;
      for (const event of message.events) {
        if (event.kind !== 'bcast') continue;
        this.#heard += 1;
        this.#last = new TextDecoder().decode(event.data);
      }
    }
    this.#looked = received.length;
    return this.#heard;
  }
}
