/** What a replay runs on: a server, the faults that were asked for, the pace, and the progress. */
import { randomBytes } from 'node:crypto';
import { Link } from './faults/link.ts';
import { LinkCutter } from './faults/link-cutter.ts';
import { OwnServer } from './faults/own-server.ts';
import { ServerKiller } from './faults/server-killer.ts';
import { Pace } from './pace.ts';
import { Progress } from './progress.ts';
import type { Row } from './summary.ts';

export type StagePlan = {
  readonly server: string | undefined;
  readonly speed: number | undefined;
  readonly killEveryMs: number | undefined;
  readonly dropClients: boolean;
};

/** Between two cuts of all links together, on average. */
const cutEveryMs = 400;

export class Stage {
  readonly url: string;
  readonly plan: StagePlan;
  readonly #own: OwnServer | undefined;
  readonly #pace: Pace;
  readonly #cutter: LinkCutter | undefined;
  readonly #links: Link[] = [];
  #killer: ServerKiller | undefined;
  #progress: Progress | undefined;
  /** Rejects when the server cannot be started again. */
  readonly broken: Promise<never>;

  private constructor(plan: StagePlan, own: OwnServer | undefined) {
    this.plan = plan;
    this.#own = own;
    this.url = own?.url ?? plan.server ?? '';
    this.#pace = new Pace(plan.speed);
    this.#cutter = plan.dropClients ? new LinkCutter(cutEveryMs) : undefined;
    this.broken = new Promise((_, reject) => {
      if (own !== undefined && plan.killEveryMs !== undefined) {
        this.#killer = new ServerKiller(own, plan.killEveryMs, reject);
      }
    });
    this.broken.catch(() => {});
  }

  static async set(plan: StagePlan): Promise<Stage> {
    const own = plan.server === undefined ? await OwnServer.start() : undefined;
    return new Stage(plan, own);
  }

  /** The name of a group that no earlier replay has used. */
  newGroup(what: string): string {
    return `${what}-${randomBytes(4).toString('hex')}`;
  }

  /** The way of one client to the server. */
  async link(): Promise<Link> {
    const link = await Link.to(this.url);
    this.#links.push(link);
    this.#cutter?.add(link);
    return link;
  }

  /** Resolves when it is the turn of the step with that number. */
  turn(step: number): Promise<void> {
    return this.#pace.turn(step);
  }

  /** Shows how far it is, from now on; `cuts`: those of clients in other processes. */
  progress(text: () => string, cuts: () => number = () => 0): void {
    this.#progress = new Progress(() => `${text()}${this.#faultText(cuts())}`);
  }

  /** No more faults: resolves when the server is up, and is left alone. */
  async calm(): Promise<void> {
    this.#cutter?.stop();
    await this.#killer?.stop();
  }

  /** `cuts`: those that clients in other processes had beside. */
  faults(cuts = 0): readonly Row[] {
    return [
      { name: 'server kills', value: this.#own?.kills ?? 0 },
      { name: 'connections cut', value: cuts + (this.#cutter?.cuts ?? 0) },
    ];
  }

  async strike(): Promise<void> {
    await this.calm();
    this.#progress?.end();
    for (const link of this.#links) link.close();
    await this.#own?.stop();
  }

  #faultText(elsewhere: number): string {
    const kills = this.#own?.kills ?? 0;
    const cuts = elsewhere + (this.#cutter?.cuts ?? 0);
    return kills + cuts === 0 ? '' : `, ${kills} kills, ${cuts} cuts`;
  }
}
