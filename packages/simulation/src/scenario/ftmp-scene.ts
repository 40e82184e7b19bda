/**
 * A scene of FTMP: named processors on a quiet network without luck, for a script that says who joins, who sends, what is lost
 * and who is killed. The same processors and checkers as in the suites.
 */
import { defaultSettings, groupId } from '@choir/ftmp';
import { Random, Scheduler, Trace, type TraceEvent } from '@choir/testkit';
import { DatagramNetwork } from '@choir/testkit/datagrams';
import { ViewsJudge, type ViewsRecord, type ViewsViolation } from '@choir/testkit/views';
import { Incarnation, type Place } from '../processors/incarnation.ts';
import { eventText } from './ftmp-telling.ts';

const group = groupId(1);
const latencyMs = 1;
const messageBytes = 16;

export class FtmpScene {
  readonly lines: string[] = [];
  readonly #place: Place;
  readonly #judge = new ViewsJudge();
  readonly #processors = new Map<number, Incarnation>();
  #sent = 0;

  constructor(seed: string) {
    const random = new Random(seed);
    const scheduler = new Scheduler();
    const trace = new Trace<TraceEvent>(0);
    trace.observe((event) => this.#judge.see(event as unknown as ViewsRecord));
    const network = new DatagramNetwork({
      scheduler,
      random: random.fork('network'),
      latencyMs,
      jitterMs: 0,
    });
    this.#place = {
      scheduler,
      network,
      trace,
      random: random.fork('processors'),
      plan: { settings: defaultSettings, nearWrap: null, fansOut: false },
      seen: new Set(),
      hosts: new Map(),
      watch: (self, event) => {
        const text = eventText(event, self);
        if (text !== null) this.#say(`p${Math.floor(self / 2 ** 32)}`, text);
      },
    };
  }

  wait(ms: number): void {
    const { scheduler } = this.#place;
    scheduler.run(scheduler.now + ms);
  }

  /** A processor joins; the first one makes the group. */
  join(number: number, waitMs = 600): void {
    const one = new Incarnation(number, this.#place);
    this.#say(one.name, this.#processors.size === 0 ? 'makes the group' : 'wants to join');
    this.#processors.set(number, one);
    one.join(group, this.#processors.size === 1);
    this.wait(waitMs);
  }

  send(number: number): void {
    this.#sent += 1;
    this.#say(`p${number}`, `hands over message ${this.#sent} of the scene`);
    this.#processors.get(number)?.send(group, messageBytes, false);
  }

  /** For a moment nothing gets from one to the other. */
  loseWhile(from: number, to: number, act: () => void): void {
    const { network } = this.#place;
    this.#say('world', `what p${from} sends does not reach p${to}`);
    network.block(`p${from}`, `p${to}`);
    act();
    this.wait(latencyMs);
    network.unblock(`p${from}`, `p${to}`);
    this.#say('world', `what p${from} sends reaches p${to} again`);
  }

  kill(number: number): void {
    this.#say('world', `p${number} is killed`);
    this.#processors.get(number)?.kill();
  }

  /** What was said, for people, from here on. */
  cut(): void {
    this.lines.length = 0;
  }

  /** What the checkers have to say about it all. */
  end(): readonly ViewsViolation[] {
    return this.#judge.finish();
  }

  #say(who: string, what: string): void {
    const time = this.#place.scheduler.now.toFixed(1).padStart(8);
    this.lines.push(`${time}  ${who.padEnd(6)} ${what}`);
  }
}
