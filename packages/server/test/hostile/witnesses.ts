/** Two clients that behave. Whatever else happens, each hears what the other says, in order. */
import { RawClient } from '../websocket/raw-client.ts';

const group = 'calm';

export class Witnesses {
  readonly #speaker: RawClient;
  readonly #listener: RawClient;
  #said = 0;

  private constructor(speaker: RawClient, listener: RawClient) {
    this.#speaker = speaker;
    this.#listener = listener;
  }

  static async meet(url: string): Promise<Witnesses> {
    const speaker = await RawClient.attach(url, 'speaker');
    const listener = await RawClient.attach(url, 'listener');
    for (const each of [speaker, listener]) {
      each.join(group);
      await each.until('transfer_end');
    }
    return new Witnesses(speaker, listener);
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

  async #talk(): Promise<void> {
    this.#said += 1;
    const text = `word ${this.#said}`;
    this.#speaker.bcast(group, text);
    await this.#listener.untilTrue(() => this.#heard().length === this.#said, text);
    if (this.#heard().at(-1) !== text)
      throw new Error(`heard ${this.#heard().at(-1)}, not ${text}`);
  }

  #heard(): readonly string[] {
    return this.#listener
      .of('delivery')
      .flatMap(({ events }) => events)
      .flatMap((event) => (event.kind === 'bcast' ? [new TextDecoder().decode(event.data)] : []));
  }
}
