/**
 * The clean story: Ada founds a group, Bob and Cleo are added. They talk; Ada's connection moves. Cleo
 * crashes while a message of hers has reached Bob alone and another nobody; the survivors recover the first. She returns.
 * Bob is paused, delivers what nobody else has, is excluded and returns. Then Dora is let in and leaves. All comes to rest.
 */
import { group, Story } from './story.ts';

export const ada = '1.aa';
export const bob = '2.bb';
export const cleo = '3.cc';
export const cleoAgain = '3.c2';
export const bobAgain = '2.b2';
const dora = '4.dd';

export function cleanStory(): Story {
  const story = new Story();
  story.say('world', { kind: 'phase', phase: 'work' });
  story.start(ada, bob, cleo);
  gather(story);
  talk(story);
  connect(story);
  crash(story);
  exclude(story);
  comeAndGo(story);
  rest(story);
  return story;
}

function gather(story: Story): void {
  story.view('1/1', [ada], ['first']);
  story.multicast(ada, 5, [ada]);
  story.make(ada, 10);
  story.ack(9, ada);
  story.view('10/1', [ada, bob], ['added', 'joined']);
  story.multicast(bob, 15, [ada, bob], 'safe');
  story.make(bob, 20);
  story.store(20, ada);
  story.view('20/2', [ada, bob, cleo], ['added', 'added', 'joined'], {
    [ada]: [ada, bob],
    [bob]: [ada, bob],
  });
}

/** Crossing messages, a question with its answer, a safe one behind them, two in one datagram. */
function talk(story: Story): void {
  const all = [ada, bob, cleo];
  story.send(ada, 31);
  story.send(bob, 32);
  story.store(31, bob, cleo);
  story.say('world', { kind: 'lost', type: 'Regular' });
  story.say(ada, { kind: 'transmitted', group, type: 'Regular', bytes: 9, retransmission: true });
  story.store(32, ada, cleo);
  for (const timestamp of [31, 32]) story.deliver(timestamp, ...all);
  story.multicast(cleo, 35, all);
  story.multicast(ada, 36, all);
  story.multicast(ada, 37, all, 'safe');
  story.say(ada, { kind: 'buffered', group, messages: 3, bytes: 300 });
}

function connect(story: Story): void {
  const between = { group, connection: 'shop', client: 'till', server: 'stock' } as const;
  for (const node of [ada, bob, cleo]) {
    const place = { address: 'here', barrier: 30 };
    story.say(node, { kind: 'connection', ...between, state: 'opened', ...place });
  }
  const request = { group, connection: 'shop', direction: 'request', number: 1 } as const;
  for (const node of [ada, bob]) {
    const at = { address: 'here', timestamp: 37 };
    story.say(node, { kind: 'request', ...request, processed: true, ...at });
    story.say(node, { kind: 'request', ...request, processed: false, ...at });
  }
  story.make(ada, 40);
  story.store(40, bob, cleo);
  for (const node of [ada, bob, cleo]) {
    story.say(node, { kind: 'barred', group, barrier: 40 });
    const place = { address: 'there', barrier: 40 };
    story.say(node, { kind: 'connection', ...between, state: 'moved', ...place });
    for (const source of [ada, bob, cleo]) {
      if (source !== node) story.say(node, { kind: 'heard', group, source, timestamp: 41 });
    }
  }
  const reply = { group, connection: 'shop', direction: 'reply', number: 1 } as const;
  const at = { address: 'there', timestamp: 45 };
  story.say(cleo, { kind: 'request', ...reply, processed: true, ...at });
}

/** The message at 50 reached Bob, the one at 51, which was agreed and unstable, nobody. */
function crash(story: Story): void {
  story.send(cleo, 50);
  story.store(50, bob);
  story.deliver(50, cleo);
  story.send(cleo, 51);
  story.deliver(51, cleo);
  story.say(cleo, { kind: 'crashed' });
  story.send(ada, 52, 'safe');
  story.store(52, bob);
  for (const node of [ada, bob]) {
    story.say(node, { kind: 'suspected', group, who: cleo });
    story.say(node, { kind: 'convicted', group, who: cleo });
    story.say(node, { kind: 'proposed', group, round: 1, members: [ada, bob] });
  }
  story.store(50, ada);
  const members = [ada, bob];
  const end = { configuration: '1/1', round: 1, view: '55/1', members, cut: [`${cleo}:3`] };
  for (const node of members) story.say(node, { kind: 'accepted', group, ...end });
  for (const node of members) story.say(node, { kind: 'decided', group, ...end });
  for (const timestamp of [50, 52]) story.deliver(timestamp, ada, bob);
  story.view('55/1', [ada, bob], ['fault', 'fault']);
  story.release(50, ada, bob);
  story.multicast(bob, 60, [ada, bob]);
  story.start(cleoAgain);
  story.make(ada, 65);
  story.store(65, bob);
  story.view('65/1', [ada, bob, cleoAgain], ['added', 'added', 'joined'], {
    [ada]: [ada, bob],
    [bob]: [ada, bob],
  });
  story.multicast(cleoAgain, 70, [ada, bob, cleoAgain]);
}

/** Bob's message at 76 stays with him. */
function exclude(story: Story): void {
  const survivors = [ada, cleoAgain];
  story.multicast(ada, 75, [ada, bob, cleoAgain]);
  story.send(bob, 76);
  story.deliver(76, bob);
  story.say(bob, { kind: 'paused' });
  for (const node of survivors) story.say(node, { kind: 'convicted', group, who: bob });
  story.view('80/1', survivors, ['fault', 'fault']);
  story.multicast(ada, 85, survivors, 'safe');
  story.say(bob, { kind: 'resumed' });
  story.say(bob, { kind: 'excluded', group });
  story.start(bobAgain);
  story.make(ada, 90);
  story.store(90, cleoAgain);
  story.say('world', { kind: 'phase', phase: 'healing' });
  story.say('world', { kind: 'stable', group, members: ['1', '2', '3'] });
  story.view('90/1', [ada, bobAgain, cleoAgain], ['added', 'joined', 'added'], {
    [ada]: survivors,
    [cleoAgain]: survivors,
  });
  story.multicast(bobAgain, 95, [ada, bobAgain, cleoAgain]);
}

function comeAndGo(story: Story): void {
  const others = [ada, bobAgain, cleoAgain];
  const together = Object.fromEntries(others.map((node) => [node, others]));
  story.start(dora);
  story.make(ada, 100);
  story.store(100, bobAgain, cleoAgain);
  const all = [...others, dora];
  story.view('100/1', all, ['added', 'added', 'added', 'joined'], together);
  story.multicast(dora, 105, all, 'safe');
  story.make(dora, 110);
  story.store(110, ...others);
  story.say(dora, { kind: 'left', group });
  story.say(dora, { kind: 'stopped' });
  story.view('110/4', others, ['removed', 'removed', 'removed']);
}

function rest(story: Story): void {
  const all = [ada, bobAgain, cleoAgain];
  story.multicast(cleoAgain, 120, all);
  story.multicast(ada, 121, all, 'safe');
  story.say('world', { kind: 'phase', phase: 'quiet' });
  story.wait(2_000);
  for (const node of all) story.say(node, { kind: 'buffered', group, messages: 0, bytes: 0 });
}
