/** Joining and watching: what callers wait for until the first state has come. */
import { type GroupName, relation } from '@choir/protocol';
import { clientError } from './choir-error.ts';
import type { Core } from './core.ts';
import type { Feed } from './feed.ts';
import { Group } from './group.ts';
import { displayNamed, groupNamed } from './names.ts';
import { quiet } from './settlements.ts';
import { Watch, type WatchOptions } from './watch.ts';

/** How to join. */
export type JoinOptions = {
  /** Name by which the members see this client, 1–64 bytes; default that of the client. */
  readonly name?: string;
  /** Gives up, and leaves again: ABORTED. */
  readonly signal?: AbortSignal;
  /** Called before anything is received: who listens from here on misses nothing. */
  readonly begin?: (group: Group) => void;
};

export async function joinOne(core: Core, group: string, options: JoinOptions): Promise<Group> {
  const [joined] = await joinAll(core, [group], options);
  if (joined === undefined) throw clientError('LEFT');
  return joined;
}

export async function joinAll(
  core: Core,
  groups: readonly string[],
  { name: displayName = '', signal, begin }: JoinOptions,
): Promise<readonly Group[]> {
  const name = displayNamed(displayName);
  const names = groups.map(groupNamed);
  if (new Set(names.map(relation)).size > 1) {
    throw clientError('CROSS_SHARD');
  }
  const feeds = new Map<GroupName, Group>(names.map((each) => [each, groupFor(core, each)]));
  for (const group of feeds.values()) begin?.(group);
  // Behind `begin`, which may be what gives up.
  if (signal?.aborted === true) throw clientError('ABORTED');
  const command = { kind: 'join', groups: names.map((group) => ({ group, name })) } as const;
  await abortable(core.follow(new Map<GroupName, Feed>(feeds), command), signal, () => {
    for (const each of names) quiet(core.leave(each));
  });
  return [...feeds.values()];
}

export async function watch(core: Core, group: string, options: WatchOptions): Promise<Watch> {
  const { scope = 'everything', from, begin } = options;
  const name = groupNamed(group);
  const known = core.feed(name);
  const feed = known instanceof Watch ? known : new Watch(core, name);
  begin?.(feed);
  await core.follow(new Map([[name, feed]]), {
    kind: 'watch',
    group: name,
    scope,
    from: from === undefined ? null : { seq: from.globalId, epoch: from.epoch },
    created: from?.created ?? 0,
  });
  return feed;
}

function groupFor(core: Core, name: GroupName): Group {
  const feed = core.feed(name);
  return feed instanceof Group ? feed : new Group(core, name);
}

/** The promise, or ABORTED as soon as the signal says so. */
async function abortable(
  promise: Promise<void>,
  signal: AbortSignal | undefined,
  giveUp: () => void,
): Promise<void> {
  if (signal === undefined) return promise;
  let onAbort = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      giveUp();
      reject(clientError('ABORTED'));
    };
  });
  signal.addEventListener('abort', onAbort);
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
