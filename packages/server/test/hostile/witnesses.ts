/** Two clients that behave. Whatever else happens, each hears what the other says, in order. */
import { patience } from '../patience.ts';
import { RawClient } from '../websocket/raw-client.ts';

/** What is said is heard within this, on a machine as busy as may be. */
const hearWithinMs = 60_000;

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

  /** They begin their chains anew: who meets at one server again is somebody else. */
  static async meet(url: string, meeting = 'first'): Promise<Witnesses> {
    const group = 'calm';
    const speaker = await RawClient.attach(url, `speaker-${meeting}`);
    const listener = await RawClient.attach(url, `listener-${meeting}`);
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
    const heard = this.#listener.untilTrue(() => this.#listen() === this.#said, text);
    const { happened, ms } = await patience(heard, hearWithinMs);
    if (!happened) throw new Error(`"${text}" was not heard within ${ms} ms.`);
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
