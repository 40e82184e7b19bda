// Attacks three living groups in virtual time. Outsiders meet one whose datagrams are protected; strangers and liars meet one each
// that holders of the key can speak to. Nothing may throw and nothing grow; outsiders and strangers may disturb nobody. What a
// liar inside can do to its group is in the threat model: a group that it broke is replaced.
import { Random } from '@choir/testkit';
import { KeyRing } from '../../src/envelope/key-ring.ts';
import { OpenGate } from '../../src/envelope/open-gate.ts';
import { SealedGate } from '../../src/envelope/sealed-gate.ts';
import { type Attack, liars, outsiders, strangers } from './attacks.ts';
import { heapNow } from './heap.ts';
import { LiveGroup } from './live-group.ts';

export type FuzzPlan = {
  readonly datagrams: number;
  readonly seed: number;
  readonly onStage?: (datagrams: number, heapBytes: number) => void;
};

export type FuzzResult = {
  readonly seed: number;
  readonly datagrams: number;
  /** What went wrong; empty when all is well. */
  readonly failures: readonly string[];
  /** Attacks by what they were. */
  readonly attacks: ReadonlyMap<string, number>;
  /** Datagrams refused, by who sent them and why. */
  readonly refused: ReadonlyMap<string, number>;
  /** Groups that were broken by those who may speak in them. */
  readonly broken: number;
  /** After garbage collection: before any attack, then the mean of each stage. */
  readonly heapBytes: readonly number[];
};

const stages = 12;
/** What groups hold for their windows goes up and down: a mean over many times tells whether it grows. */
const measureEvery = 1_000;
const checkEvery = 2_000;
const passEvery = 20;
const attackerPort = 66;

export function fuzzRun({ datagrams, seed, onStage }: FuzzPlan): FuzzResult {
  const random = new Random(`fuzz ftmp ${seed}`);
  const key = random.bytes(32);
  const sealed = (...[passage, clock]: Parameters<ConstructorParameters<typeof LiveGroup>[1]>) =>
    new SealedGate(passage, new KeyRing([{ id: 1, key }]), clock);
  const open = (passage: ConstructorParameters<typeof OpenGate>[0]) => new OpenGate(passage);
  const nowhere = { pass: () => {}, reply: () => {} };
  const wrongKey = new SealedGate(
    nowhere,
    new KeyRing([{ id: 1, key: random.bytes(32) }]),
    () => 0,
  );
  const seal = new OpenGate(nowhere);
  const groups = {
    outsider: new LiveGroup(random.fork('outsider'), sealed),
    stranger: new LiveGroup(random.fork('stranger'), open),
    liar: new LiveGroup(random.fork('liar'), open),
  };
  const failures: string[] = [];
  const attacks = new Map<string, number>();
  const refused = new Map<string, number>();
  let broken = 0;
  for (const [name, live] of Object.entries(groups)) {
    if (!live.goesOn()) failures.push(`the group for ${name}s did not begin`);
  }
  const quiet = { outsider: groups.outsider.views, stranger: groups.stranger.views };
  const heapBytes = [heapNow()];
  let ofStage: number[] = [];

  const countRefused = (who: string, live: LiveGroup): void => {
    for (const [reason, count] of live.refused()) {
      refused.set(`${who}: ${reason}`, (refused.get(`${who}: ${reason}`) ?? 0) + count);
    }
  };
  const check = (): void => {
    for (const who of ['outsider', 'stranger'] as const) {
      if (!groups[who].goesOn()) failures.push(`the group of ${who}s does not go on`);
      const { views } = groups[who];
      if (views !== quiet[who]) failures.push(`the group of ${who}s was given other views`);
      quiet[who] = views;
    }
    if (groups.liar.goesOn()) return;
    countRefused('liar', groups.liar);
    broken += 1;
    groups.liar = new LiveGroup(random.fork(`liar ${broken}`), open);
    if (!groups.liar.goesOn()) failures.push('a new group did not begin');
  };

  for (let n = 1; n <= datagrams && failures.length === 0; n += 1) {
    const who = random.pick(['outsider', 'outsider', 'stranger', 'liar'] as const);
    const live = groups[who];
    const at = random.int(0, live.ends.length - 1);
    const attack = drawn(who, live, at);
    const name = `${who}: ${attack.name}`;
    attacks.set(name, (attacks.get(name) ?? 0) + 1);
    try {
      live.attack(at, attack.datagram, attackerPort);
      if (n % passEvery === 0) for (const one of Object.values(groups)) one.pass(1);
      if (n % checkEvery === 0) check();
    } catch (error) {
      const hex = Buffer.from(attack.datagram).toString('hex');
      failures.push(`datagram ${n}, ${name}, threw ${(error as Error).stack}\n${hex}`);
    }
    const isEndOfStage = n % Math.ceil(datagrams / stages) === 0;
    if (isEndOfStage || n % measureEvery === 0) ofStage.push(heapNow());
    if (!isEndOfStage) continue;
    const mean = ofStage.reduce((sum, bytes) => sum + bytes, 0) / ofStage.length;
    heapBytes.push(mean);
    onStage?.(n, mean);
    ofStage = [];
  }
  if (failures.length === 0) check();
  for (const [who, live] of Object.entries(groups)) countRefused(who, live);
  return { seed, datagrams, failures, attacks, refused, broken, heapBytes };

  function drawn(who: keyof typeof groups, live: LiveGroup, at: number): Attack {
    if (who === 'outsider') return outsiders(live, wrongKey, random);
    const attack = who === 'stranger' ? strangers(live, at, random) : liars(live, random);
    // Whoever has the key closes in what it likes.
    return { ...attack, datagram: seal.seal(attack.datagram) };
  }
}
