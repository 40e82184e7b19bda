import type { HostEffect } from '@choir/server/host';
import { expect, test } from 'vitest';
import { Scene } from './scene.ts';

test('members at the same place share one buffer, and each gets one frame in a turn', () => {
  const scene = new Scene();
  const ann = scene.attach('ann');
  const members = Array.from({ length: 20 }, (_, each) => scene.member(`member-${each}`));
  for (let each = 0; each < 10; each += 1) ann.bcast('room', `${each}`);
  const sends = sendsOf(scene);
  const buffers = new Set(
    sends.filter(({ connection }) => connection !== ann.connection).map(({ bytes }) => bytes),
  );
  expect(sends).toHaveLength(members.length + 1);
  expect(buffers.size).toBe(1);
});

test('one who is sent something else does not spoil it for the others', () => {
  const scene = new Scene();
  const members = Array.from({ length: 20 }, (_, each) => scene.member(`member-${each}`));
  for (let each = 0; each < 10; each += 1) members[0]?.bcast('room', `${each}`, true);
  const sends = sendsOf(scene);
  expect(sends).toHaveLength(20);
  expect(new Set(sends.map(({ bytes }) => bytes)).size).toBe(2);
});

/** The sends of the turn that follows the journal's next answer. */
function sendsOf(scene: Scene): Extract<HostEffect, { kind: 'send' }>[] {
  const before = scene.sends.length;
  scene.run();
  return scene.sends.slice(before);
}
