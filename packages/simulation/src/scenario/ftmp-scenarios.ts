/** What FTMP does in three short scenes, to be read. */
import type { ViewsViolation } from '@choir/testkit/views';
import { FtmpScene } from './ftmp-scene.ts';
import { ftmpPage } from './ftmp-telling.ts';

export type Told = { readonly page: string; readonly violations: readonly ViewsViolation[] };

/** A message does not reach one of three, who finds the gap and asks for it. */
export function lostMessage(): Told {
  const scene = ofThree('lost-message');
  scene.loseWhile(1, 3, () => {
    scene.send(1);
    scene.wait(0.5);
  });
  scene.wait(2);
  scene.send(2);
  scene.wait(30);
  return told(scene, 'A message is lost, found missing, and sent again');
}

/** A third processor joins two who go on sending. */
export function join(): Told {
  const scene = new FtmpScene('join');
  scene.join(1);
  scene.join(2);
  scene.cut();
  scene.send(1);
  scene.join(3, 2);
  scene.send(2);
  scene.wait(40);
  scene.send(3);
  scene.wait(30);
  return told(scene, 'A processor joins');
}

/** One of three is killed right after it sent what only one of the others got. */
export function crash(): Told {
  const scene = ofThree('crash');
  scene.loseWhile(3, 1, () => {
    scene.send(3);
    scene.wait(0.6);
  });
  scene.kill(3);
  scene.wait(600);
  return told(scene, 'A processor crashes, and the others go on with the same messages');
}

function ofThree(seed: string): FtmpScene {
  const scene = new FtmpScene(seed);
  for (const number of [1, 2, 3]) scene.join(number);
  scene.cut();
  return scene;
}

function told(scene: FtmpScene, title: string): Told {
  return { page: ftmpPage(title, scene.lines), violations: scene.end() };
}
