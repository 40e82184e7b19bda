// Datagrams of a member that lies, or of somebody who passes for one: taken for that member's next ones, in campaigns perhaps; and of
// newcomers who were let in because they asked.
import {
  asRetransmission,
  type Body,
  datagramBytesMax,
  decode,
  encode,
  isRefusal,
  type MessageTypeName,
  type ProcessorId,
  services,
} from '@choir/ftmp';
import type { Random } from '@choir/testkit';
import { type Attack, envelopeOf, forged, joining, type Quarry, quarry } from './attacks.ts';
import { allTypes, bodyOf } from './bodies.ts';
import { damaged } from './damage.ts';
import { Draw } from './draw.ts';

const sliceMax = 1_300;
const wordMax = 2 ** 32 - 1;
const newcomers = 4;
/** A campaign has more messages than the protocol stores of one source, perhaps, but no more than this share of all datagrams. */
const campaignMost = 5_000;
const campaignShare = 1 / 40;
/** Some bodies are malformed, in each type fewer than most. */
const triesMax = 50;

/** So many more messages of one type, in this name, to all alike. */
type Campaign = { readonly type: MessageTypeName; readonly source: ProcessorId; left: number };

/** Where a datagram goes. */
export type Lie = Attack & {
  /** Else to the one who is met. */
  readonly isForAll: boolean;
};

export class Liars {
  readonly #live: Quarry;
  readonly #random: Random;
  readonly #draw: Draw;
  readonly #newcomers: readonly ProcessorId[];
  readonly #campaignMax: number;
  /** The number of the last message in each name. */
  readonly #said = new Map<ProcessorId, number>();
  /** The rest of a message in slices. */
  readonly #rest: Lie[] = [];
  #isForAll = false;
  #campaign: Campaign | null = null;

  /** @param datagrams how many are thrown in all */
  constructor(
    live: Quarry,
    random: Random,
    { addresses, datagrams }: { addresses: readonly Uint8Array[]; datagrams: number },
  ) {
    this.#live = live;
    this.#random = random;
    this.#campaignMax = Math.max(1, Math.min(campaignMost, datagrams * campaignShare));
    this.#draw = new Draw(live.heard, random, addresses);
    this.#newcomers = Array.from({ length: newcomers }, () => this.#draw.stranger());
  }

  /** @param target the place of the processor that is met */
  next(target: number): Lie {
    const rest = this.#rest.shift();
    if (rest !== undefined) return rest;
    // What is said to all of them alike leads farther than what one is told.
    this.#isForAll = this.#campaign !== null || this.#random.chance(0.7);
    const attack = this.#campaign === null ? this.#drawn(target) : this.#next(this.#campaign);
    return { ...attack, isForAll: this.#isForAll };
  }

  #drawn(target: number): Attack {
    const random = this.#random;
    const source = this.#source(target);
    const type = random.pick(allTypes);
    switch (random.int(0, 19)) {
      case 0:
        return this.#requests(source);
      case 1:
        return this.#absurd(source, type);
      case 2:
        return { name: 'old message', datagram: this.#live.heard.messages.pick(random) };
      case 3:
        return this.#sliceOfNothing(source);
      case 4:
        return this.#joins();
      case 5:
        return this.#sliced(source);
      case 6:
        if (random.chance(0.99)) return this.#lies(source, type);
        return this.#begins(type, source);
      case 7:
      case 8:
      case 9:
        return damaged(this.#live.heard.messages, random);
      default:
        return this.#lies(source, type);
    }
  }

  #begins(type: MessageTypeName, source: ProcessorId): Attack {
    const left = Math.floor(this.#campaignMax ** Math.sqrt(this.#random.unit()));
    this.#campaign = { type, source, left };
    this.#isForAll = true;
    return this.#next(this.#campaign);
  }

  /** Without a hole, and nothing that is refused at once: each is taken for what its source says next. */
  #next(campaign: Campaign): Attack {
    const { type, source } = campaign;
    campaign.left -= 1;
    if (campaign.left <= 0) this.#campaign = null;
    const name = `many ${type}`;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const datagram = this.#message(source, bodyOf(type, this.#draw), [1]);
      if (!isRefusal(decode(datagram))) return { name, datagram };
    }
    return this.#lies(source, type);
  }

  /** In the name of a member, mostly another than the one who is met, or of who asked to be let in. */
  #source(target: number): ProcessorId {
    const random = this.#random;
    if (random.chance(0.15)) return random.pick(this.#newcomers);
    const others = [0, 1, 2].filter((at) => at !== target || random.chance(0.1));
    return this.#live.idOf(random.pick(others)) ?? this.#draw.stranger();
  }

  /** Its source's next message, or one that comes soon. */
  #lies(source: ProcessorId, type: MessageTypeName): Attack {
    return { name: type, datagram: this.#message(source, bodyOf(type, this.#draw)) };
  }

  /** @param steps how much farther than the last number in this name it may go */
  #message(source: ProcessorId, body: Body, steps = [1, 1, 1, 1, 1, 1, 1, 2, 9]): Uint8Array {
    const random = this.#random;
    const { heard } = this.#live;
    const { sequence, ack } = heard.countersOf(source);
    const { timestamp } = heard.countersOf(heard.source(random) ?? source);
    const said = Math.max(sequence, this.#said.get(source) ?? 0);
    const number = services[body.type].reliable ? said + random.pick(steps) : said;
    // As far as is taken, seldom: who has come there takes no more from the others.
    const time = timestamp + (random.chance(0.01) ? 2 ** 30 - 1 : random.pick([1, 5, 50]));
    const counters = {
      sequence: number % 2 ** 32,
      timestamp: time % 2 ** 32,
      ack: random.pick([0, ack, ack, timestamp, time]) % 2 ** 32,
    };
    const safe = body.type === 'regular' && random.chance(0.3);
    const message = encode({ ...envelopeOf(this.#draw, source), ...counters, safe }, body);
    const read = decode(message);
    const isTaken = !isRefusal(read) && read.header.group === quarry;
    if (isTaken && this.#isForAll) this.#said.set(source, number);
    return random.chance(0.1) ? asRetransmission(message) : message;
  }

  /** One who is not in asks to be let in, and may be heard later. */
  #joins(): Attack {
    const source = this.#random.pick(this.#newcomers);
    const body = joining(this.#draw);
    if (body.type === 'join') this.#said.set(source, body.sequence);
    return { name: 'join', datagram: forged(this.#draw, source, body), comes: source };
  }

  #requests(source: ProcessorId): Attack {
    const asks = {
      processor: this.#draw.processor(),
      start: 1,
      stop: this.#random.pick([wordMax, 2 ** 52]),
    };
    const datagram = this.#message(source, { type: 'retransmitRequest', ...asks });
    return { name: 'endless request', datagram };
  }

  #absurd(source: ProcessorId, type: MessageTypeName): Attack {
    return {
      name: 'absurd counters',
      datagram: forged(this.#draw, source, bodyOf(type, this.#draw)),
    };
  }

  /** A message that is taken when its last slice has come. */
  #sliced(source: ProcessorId): Attack {
    const type = this.#random.pick(allTypes.filter((one) => services[one].reliable));
    const message = asRetransmission(this.#message(source, bodyOf(type, this.#draw)));
    const read = decode(message);
    const name = `sliced ${type}`;
    if (isRefusal(read)) return { name, datagram: message };
    const { length } = message;
    const at = this.#random.int(1, length - 1);
    const [first, last] = [0, at].map((offset) => {
      const content = message.subarray(offset, offset === 0 ? at : length);
      return encode(read.header, { type: 'slice', length, offset, content });
    });
    if (last !== undefined) this.#rest.push({ name, datagram: last, isForAll: this.#isForAll });
    return { name, datagram: first ?? message };
  }

  /** A slice of a message that does not exist, or of other bytes than it. */
  #sliceOfNothing(source: ProcessorId): Attack {
    const random = this.#random;
    const content = random.bytes(random.int(1, sliceMax));
    const length = random.int(content.length + 1, datagramBytesMax);
    const offset = random.int(0, length - content.length);
    const { sequence, ...counters } = this.#live.heard.countersOf(source);
    const number = (sequence + random.int(0, 5_000)) % 2 ** 32;
    const envelope = { ...envelopeOf(this.#draw, source), ...counters, sequence: number };
    const datagram = encode(envelope, { type: 'slice', length, offset, content });
    return { name: 'slice of nothing', datagram };
  }
}
