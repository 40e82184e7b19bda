/**
 * Who issues the tokens of a world, and what a server makes of them. No cryptography is simulated: a token is
 * what it says, unless this issuer never said it.
 */
import { type Grant, type Verb, type Verdict, verbs } from '@choir/server/host';
import type { Random, Scheduler } from '@choir/testkit';

type Issued = {
  readonly subject: string;
  readonly grants: readonly Grant[];
  readonly expiresAt: number;
};

const reserved: ReadonlySet<Verb> = new Set(['checkpoint', 'break', 'admin']);
/** How often it cannot be reached. */
const awayShare = 0.03;
/** How many tokens grant less than is usual, and how much of it. */
const narrowShare = 0.15;
const withheldShare = 0.2;
/** Long enough for everything to come to its end. */
const lastingMs = 3_600_000;

export class Issuer {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #issued = new Map<string, Issued>();
  #lastMs: number;
  #isGenerous = false;

  constructor(scheduler: Scheduler, random: Random, lastMs: number) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#lastMs = lastMs;
  }

  /** From now on it can be reached, and tokens last and grant what is usual. */
  heal(): void {
    this.#isGenerous = true;
    this.#lastMs = lastingMs;
  }

  /** As `issue`, for an application: null when the issuer cannot be reached. */
  ask(subject: string, isAdmin: boolean): string | null {
    const isAway = !this.#isGenerous && this.#random.chance(awayShare);
    return isAway ? null : this.issue(subject, isAdmin);
  }

  issue(subject: string, isAdmin: boolean): string {
    const token = `${subject}.${this.#issued.size}.token`;
    const expiresAt = this.#scheduler.now + this.#random.between(0.3, 1) * this.#lastMs;
    const grants = [{ groups: '*', verbs: this.#verbsOf(isAdmin) }];
    this.#issued.set(token, { subject, grants, expiresAt });
    return token;
  }

  verify(token: string): Verdict {
    const issued = this.#issued.get(token);
    if (issued === undefined) return { ok: false, expired: false, message: 'Nobody issued it.' };
    const { expiresAt, ...claims } = issued;
    const expiresInMs = expiresAt - this.#scheduler.now;
    if (expiresInMs <= 0) return { ok: false, expired: true, message: 'The token has expired.' };
    return { ok: true, ...claims, expiresInMs };
  }

  #verbsOf(isAdmin: boolean): readonly Verb[] {
    if (isAdmin) return verbs;
    const usual = verbs.filter((verb) => !reserved.has(verb));
    if (this.#isGenerous || !this.#random.chance(narrowShare)) return usual;
    return usual.filter(() => !this.#random.chance(withheldShare));
  }
}
