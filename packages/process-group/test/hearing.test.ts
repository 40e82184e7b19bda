/** How far the group is heard when its events are not read. */
import { groupId } from '@choir/ftmp';
import { expect, test } from 'vitest';
import { GroupError } from '../src/index.ts';
import type { GroupEvent } from '../src/member/event.ts';
import { Hearing } from '../src/member/hearing.ts';
import { OpenRequests } from '../src/member/open-requests.ts';
import { Outflow } from '../src/member/outflow.ts';
import { performed } from './scripted-host.ts';

const event: GroupEvent = { kind: 'excluded' };
/** What one takes up that waits to be read. */
const eventBytes = 256;
const [soft, hard, all] = [4, 8, 100];

class Scene {
  heard = 0;
  readonly givenUp: number[] = [];
  readonly outflow = new Outflow({ trySend: () => 'full' }, groupId(7), () => {});
  readonly requests = new OpenRequests(() => {});
  readonly hearing = new Hearing({
    outflow: this.outflow,
    requests: this.requests,
    giveUp: (number) => this.givenUp.push(number),
    unread: () => new GroupError('group-unread', 'The events are not read.'),
    limits: { softBytes: soft * eventBytes, hardBytes: hard * eventBytes },
  });

  /** @returns when it has heard what it may */
  static async unread(): Promise<Scene> {
    const scene = new Scene();
    scene.hearing.run(coming(), (one) => {
      scene.heard += 1;
      scene.hearing.events.push(one);
    });
    await performed();
    return scene;
  }
}

async function* coming(): AsyncGenerator<GroupEvent> {
  for (let n = 0; n < all; n += 1) yield event;
}

const calls: readonly [what: string, begin: (scene: Scene) => Promise<unknown>][] = [
  ['room', ({ outflow }) => outflow.wait(() => {}, undefined)],
  ['replies', ({ requests }) => requests.wait(7, 60_000, undefined)],
  ['what a block has asked', ({ hearing }) => hearing.awaiting(new Promise(() => {}))],
];

test('what nobody reads stops the hearing at the soft limit; it goes on as they are read', async () => {
  const scene = await Scene.unread();
  expect(scene.heard).toBe(soft + 1);
  await scene.hearing.events.next();
  await performed();
  expect(scene.heard).toBe(soft + 2);
});

test.each(calls)(
  'while a call waits for %s it goes on to the hard limit, where the call fails',
  async (_what, begin) => {
    const scene = await Scene.unread();
    const call = begin(scene);
    scene.hearing.lookAgain();
    await expect(call).rejects.toMatchObject({ code: 'group-unread' });
    expect(scene.heard).toBe(hard + 1);
    await performed();
    expect(scene.heard).toBe(hard + 1);
  },
);

test('a request that fails so is given up', async () => {
  const scene = await Scene.unread();
  const asked = scene.requests.wait(7, 60_000, undefined);
  scene.hearing.lookAgain();
  await expect(asked).rejects.toMatchObject({ code: 'group-unread' });
  expect(scene.givenUp).toEqual([7]);
});

test.each(calls)('beyond the hard limit a call that begins for %s fails', async (_what, begin) => {
  const scene = await Scene.unread();
  for (let n = 0; n < hard; n += 1) scene.hearing.events.push(event);
  const call = begin(scene);
  scene.hearing.lookAgain();
  await expect(call).rejects.toMatchObject({ code: 'group-unread' });
  expect(scene.heard).toBe(soft + 1);
});

test('who leaves hears on without a limit, and so it is when the group is over', async () => {
  for (const end of ['leave', 'over'] as const) {
    const scene = await Scene.unread();
    if (end === 'leave') scene.hearing.leave();
    else scene.hearing.events.end(null);
    await performed();
    expect(scene.heard).toBe(all);
  }
});
