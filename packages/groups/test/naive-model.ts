/**
 * A naive model of the groups service: whole histories instead of summaries, scans instead of indexes.
 * It predicts, for each command, the events of every group and what is told to whom.
 */
import type { Command } from '@choir/groups';
import type { Part, Submission, SubmissionBody } from '@choir/protocol';

type Holding = {
  readonly id: number;
  readonly holder: string;
  readonly localId: number;
  objects: readonly string[];
  absence: number | null;
};
type Wait = {
  readonly client: string;
  readonly localId: number;
  readonly objects: readonly string[];
};
type Change = { readonly seq: number; readonly object: string; readonly by: string | null };
type Outcome = { readonly body: string; verdict: string; at: number; forgotten: boolean };
type Target = Extract<Command, { kind: 'join' }>['targets'][number];

export class ModelGroup {
  readonly id: number;
  readonly createdAt: number;
  readonly name: string;
  readonly stateful: boolean;
  readonly members = new Map<string, { absence: number | null; name: string }>();
  readonly properties = new Map<string, string>();
  holdings: Holding[] = [];
  waits: Wait[] = [];
  readonly lockChanges: Change[] = [];
  readonly checkpoints: { readonly seq: number; readonly by: string }[] = [];

  constructor(id: number, createdAt: number, name: string, stateful: boolean) {
    this.id = id;
    this.createdAt = createdAt;
    this.name = name;
    this.stateful = stateful;
  }

  holdingOn(object: string): Holding | undefined {
    return this.holdings.find((holding) => holding.objects.includes(object));
  }

  /** The waiting requests that nothing stands in the way of, in the order of the queue. */
  grantable(): readonly Wait[] {
    return this.waits.filter((wait, place) => {
      const before = this.waits.slice(0, place).flatMap(({ objects }) => objects);
      return wait.objects.every((o) => this.holdingOn(o) === undefined && !before.includes(o));
    });
  }
}

type ModelClient = {
  readonly secret: string;
  session: number | null;
  node: string;
  absentSince: number;
  /** By group name: the outcomes in the order in which they were settled. */
  readonly chains: Map<string, Map<number, Outcome>>;
};

/** What one command does, in words; `told` in no order. */
export type Prediction = {
  readonly events: Map<string, string[]>;
  readonly told: string[];
};

/** Outcomes that are remembered; the rest is forgotten. */
const window = 256;

export class Model {
  readonly clients = new Map<string, ModelClient>();
  readonly retired = new Set<string>();
  readonly groups = new Map<string, ModelGroup>();
  #seq = 0;
  #events = new Map<string, string[]>();
  #told: string[] = [];
  #granted = false;
  #created = 0;
  #deleted: ModelGroup | null = null;

  mark(client: string, group: string): number {
    return [...(this.clients.get(client)?.chains.get(group)?.keys() ?? [])].at(-1) ?? 0;
  }

  apply(seq: number, command: Command, source: string): Prediction {
    this.#begin(seq);
    this.#perform(command, source);
    return { events: this.#events, told: this.#told };
  }

  loseNode(seq: number, node: string): Prediction {
    this.#begin(seq);
    for (const [id, client] of this.clients) {
      if (client.session !== null && client.node === node) this.#endSession(id, client);
    }
    return { events: this.#events, told: this.#told };
  }

  #begin(seq: number): void {
    this.#seq = seq;
    this.#events = new Map();
    this.#told = [];
    this.#granted = false;
    this.#deleted = null;
  }

  #perform(command: Command, source: string): void {
    switch (command.kind) {
      case 'attach':
        this.#attach(command.client, String(command.secretHash), source);
        return;
      case 'detach': {
        const client = this.clients.get(command.client);
        if (client?.session === command.session) this.#endSession(command.client, client);
        return;
      }
      case 'submit':
        if (this.clients.get(command.client)?.session !== command.session) return;
        this.#submit(command.client, command.privileged, command.submission);
        return;
      case 'join':
        if (this.clients.get(command.client)?.session !== command.session) return;
        this.#join(command.client, command.targets);
        return;
      case 'expire_absence': {
        const group = this.#groupWithId(command.group);
        const absence = group?.members.get(command.client)?.absence ?? null;
        if (group === undefined || absence === null || absence !== command.absence) return;
        this.#exclude(group, command.client, 'timeout');
        this.#handOn(group);
        return;
      }
      case 'expire_grace': {
        const group = this.#groupWithId(command.group);
        const holding = group?.holdings.find(({ id }) => id === command.lockSet);
        if (group === undefined || holding?.absence !== command.absence) return;
        this.#release(group, holding, holding.objects, 'grace_expired', null);
        this.#handOn(group);
        return;
      }
      case 'forget': {
        const client = this.clients.get(command.client);
        if (client === undefined || client.session !== null) return;
        if (client.absentSince !== command.absence) return;
        for (const group of this.groups.values()) {
          if (!group.members.has(command.client)) continue;
          this.#exclude(group, command.client, 'forgotten');
          this.#handOn(group);
        }
        this.clients.delete(command.client);
        this.retired.add(command.client);
        return;
      }
      case 'grant_next': {
        const group = this.#groupWithId(command.group);
        if (group !== undefined) this.#handOn(group);
        return;
      }
      // Nothing but the log is concerned (G11).
      case 'cut_history':
        return;
      default:
        command satisfies never;
    }
  }

  #attach(id: string, secret: string, node: string): void {
    const known = this.clients.get(id);
    if (this.retired.has(id)) this.#told.push(`${id} attach EXPIRED`);
    else if (known === undefined) {
      const fresh = { secret, session: this.#seq, node, absentSince: 0, chains: new Map() };
      this.clients.set(id, fresh);
      this.#told.push(`${id} attached`);
    } else if (known.secret !== secret) this.#told.push(`${id} attach WRONG_SECRET`);
    else {
      if (known.session !== null) this.#endSession(id, known);
      known.session = this.#seq;
      known.node = node;
      this.#told.push(`${id} attached`);
    }
  }

  #endSession(id: string, client: ModelClient): void {
    this.#told.push(`${id} session_ended ${client.session}`);
    client.session = null;
    client.absentSince = this.#seq;
    for (const group of this.groups.values()) {
      const member = group.members.get(id);
      if (member === undefined || member.absence !== null) continue;
      member.absence = this.#seq;
      for (const holding of group.holdings) {
        if (holding.holder === id) holding.absence = this.#seq;
      }
      this.#tell(group, `disconnected_member ${id}`);
    }
  }

  #join(id: string, targets: readonly Target[]): void {
    const refusal = this.#joinRefusal(targets);
    if (refusal !== null) {
      this.#told.push(`${id} join ${refusal}`);
      return;
    }
    for (const { group: name, created, after, name: shown } of targets) {
      const group = this.groups.get(name) ?? this.#create(name, true);
      const member = group.members.get(id);
      if (member === undefined) this.#tell(group, `new_member ${id}`);
      else if (member.absence !== null) {
        this.#tell(group, `rejoined_member ${id}`);
        if (member.name !== shown) this.#tell(group, `renamed_member ${id} undefined`);
        member.name = shown;
      }
      if (member === undefined) group.members.set(id, { absence: null, name: shown });
      else member.absence = null;
      for (const holding of group.holdings) if (holding.holder === id) holding.absence = null;
      const known = after !== undefined && created === group.id && after.seq <= this.#seq;
      const answer = known ? `resume ${after.seq}` : `transfer ${after !== undefined}`;
      this.#told.push(`${id} joined ${name} ${answer} ${this.mark(id, name)}`);
    }
  }

  #joinRefusal(targets: readonly Target[]): string | null {
    const names = new Set(targets.map(({ group }) => group));
    if (names.size === 0 || names.size < targets.length) return 'MALFORMED';
    if (new Set([...names].map((name) => name.split('/')[0])).size > 1) return 'CROSS_SHARD';
    const gone = targets.some(({ group, created }) => created !== 0 && !this.groups.has(group));
    return gone ? 'NO_GROUP' : null;
  }

  #submit(id: string, privileged: boolean, submission: Submission): void {
    const { group: name, localId, previous, body } = submission;
    const chains = this.clients.get(id)?.chains ?? new Map<string, Map<number, Outcome>>();
    const chain = chains.get(name) ?? new Map<number, Outcome>();
    chains.set(name, chain);
    const mark = this.mark(id, name);
    const text = JSON.stringify(body);
    if (localId <= mark) {
      const remembered = chain.get(localId);
      if (remembered === undefined || remembered.forgotten) {
        this.#settle(id, name, localId, 'FORGOTTEN', false);
      } else if (remembered.body !== text) this.#settle(id, name, localId, 'ID_REUSED', false);
      else this.#settle(id, name, localId, remembered.verdict, false, remembered.at);
    } else if (previous !== mark) {
      this.#told.push(`${id} resend ${name} ${mark}`);
    } else {
      const at = this.#seq;
      const verdict = this.#decide(id, privileged, name, localId, body);
      chain.set(localId, { body: text, verdict, at, forgotten: false });
      forgetOldest(chain);
      this.#settle(id, name, localId, verdict, verdict === 'ok' && this.#reaches(id, localId));
    }
  }

  #decide(
    id: string,
    privileged: boolean,
    name: string,
    localId: number,
    body: SubmissionBody,
  ): string {
    const group = this.groups.get(name);
    const isMember = group?.members.has(id) ?? false;
    switch (body.kind) {
      case 'message':
        return this.#message(id, privileged, localId, name, body.parts);
      case 'lock_request':
        if (group === undefined || !isMember) return 'NOT_A_MEMBER';
        return this.#lock(group, id, localId, body);
      case 'lock_release': {
        const holding = group?.holdings.find((each) => each.id === body.lockSet);
        if (group === undefined || holding?.holder !== id) return 'NO_LOCK';
        const named = holding.objects.filter((object) =>
          body.objects.some((each) => each === object),
        );
        const objects = body.objects.length === 0 ? holding.objects : named;
        if (objects.length === 0) return 'NO_LOCK';
        this.#release(group, holding, objects, `released ${localId}`, id);
        this.#handOn(group);
        return 'ok';
      }
      case 'lock_cancel': {
        const found = group?.waits.find((w) => w.client === id && w.localId === body.request);
        if (group === undefined || found === undefined) return 'WAIT_ENDED';
        this.#endWaits(group, (wait) => wait === found);
        this.#handOn(group);
        return 'ok';
      }
      case 'lock_break': {
        const holding = group?.holdings.find((each) => each.id === body.lockSet);
        if (!privileged) return 'FORBIDDEN';
        if (group === undefined || holding === undefined) return 'NO_LOCK';
        this.#release(group, holding, holding.objects, `broken ${localId}`, id, null);
        this.#handOn(group);
        return 'ok';
      }
      case 'leave':
        if (group === undefined) return 'NOT_A_MEMBER';
        if (!isMember && !group.holdings.some(({ holder }) => holder === id)) return 'NOT_A_MEMBER';
        if (isMember) this.#exclude(group, id, 'left');
        for (const holding of group.holdings.filter(({ holder }) => holder === id)) {
          this.#release(group, holding, holding.objects, 'left', id);
        }
        this.#handOn(group);
        return 'ok';
      case 'rename':
        if (group === undefined || !isMember) return 'NOT_A_MEMBER';
        group.members.set(id, { absence: null, ...group.members.get(id), name: body.name });
        this.#tell(group, `renamed_member ${id} ${localId}`);
        return 'ok';
      case 'properties':
        if (group === undefined || !isMember) return 'NOT_A_MEMBER';
        this.#properties(group, id, localId, body.properties);
        return 'ok';
      case 'create':
        if (group !== undefined) return 'GROUP_EXISTS';
        this.#properties(this.#create(name, body.stateful), id, localId, body.properties);
        return 'ok';
      case 'delete':
        if (!privileged) return 'FORBIDDEN';
        if (group === undefined) return 'NO_GROUP';
        this.#tell(group, `group_deleted ${id} ${localId}`);
        this.#endWaits(group, () => true);
        this.groups.delete(name);
        this.#deleted = group;
        return 'ok';
      default:
        return body satisfies never;
    }
  }

  #message(
    id: string,
    privileged: boolean,
    localId: number,
    chain: string,
    parts: readonly Part[],
  ): string {
    if (parts.length === 0) return 'MALFORMED';
    const names = [chain, ...parts.map(({ group }) => group)];
    if (new Set(names.map((each) => each.split('/')[0])).size > 1) return 'CROSS_SHARD';
    const states = parts.filter(({ kind }) => kind !== 'bcast');
    const shared = (part: Part) => states.filter(({ group }) => group === part.group).length > 1;
    if (states.some((part) => part.kind === 'group_state' && shared(part))) return 'MALFORMED';
    for (const part of parts) {
      const verdict = this.#judge(id, privileged, part);
      if (verdict !== 'ok') return verdict;
    }
    for (const part of parts) {
      const group = this.groups.get(part.group) ?? this.#create(part.group, true);
      this.#tell(group, `${part.kind} ${id} ${localId}`);
      if (part.kind === 'group_state') group.checkpoints.push({ seq: this.#seq, by: id });
    }
    return 'ok';
  }

  /** G5, from the whole history. */
  #judge(id: string, privileged: boolean, part: Part): string {
    if (part.kind === 'bcast') return 'ok';
    const group = this.groups.get(part.group);
    if (group === undefined || !group.members.has(id)) return 'NOT_A_MEMBER';
    if (!group.stateful) return 'STATELESS';
    if (part.base >= this.#seq) return 'UNKNOWN_POSITION';
    if (group.createdAt > part.base) return 'CHECKPOINTED';
    if (group.checkpoints.some(({ seq, by }) => by !== id && seq > part.base)) {
      return 'CHECKPOINTED';
    }
    if (part.kind === 'group_state') return privileged ? 'ok' : 'FORBIDDEN';
    const holding = group.holdingOn(part.object);
    if (holding !== undefined && holding.holder !== id) return 'LOCKED';
    if (part.fence !== 0 && holding?.id !== part.fence) return 'STALE_FENCE';
    const conflict = group.lockChanges.some(
      ({ object, by, seq }) => object === part.object && by !== id && seq > part.base,
    );
    return conflict ? 'CONFLICT' : 'ok';
  }

  #lock(
    group: ModelGroup,
    id: string,
    localId: number,
    body: Extract<SubmissionBody, { kind: 'lock_request' }>,
  ): string {
    const objects: readonly string[] = [...new Set(body.objects)];
    if (objects.length === 0) return 'MALFORMED';
    const taken = [...group.holdings, ...group.waits].flatMap((each) => each.objects);
    if (!objects.some((object) => taken.includes(object))) {
      this.#grant(group, { client: id, localId, objects });
      return 'ok';
    }
    if (!body.wait) return 'LOCK_DENIED';
    group.waits.push({ client: id, localId, objects });
    return 'waiting';
  }

  #grant(group: ModelGroup, { client, localId, objects }: Wait): void {
    const absence = group.members.get(client)?.absence ?? null;
    group.holdings.push({ id: this.#seq, holder: client, localId, objects, absence });
    for (const object of objects) group.lockChanges.push({ seq: this.#seq, object, by: client });
    this.#tell(group, `lock_granted ${client} ${localId} ${this.#seq} ${objects.join()}`);
    this.#granted = true;
  }

  #release(
    group: ModelGroup,
    holding: Holding,
    objects: readonly string[],
    cause: string,
    by: string | null,
    author: string | null = by,
  ): void {
    for (const object of objects) {
      group.lockChanges.push({ seq: this.#seq, object, by: author });
    }
    holding.objects = holding.objects.filter((object) => !objects.includes(object));
    group.holdings = group.holdings.filter((each) => each.objects.length > 0);
    this.#tell(group, `lock_released ${holding.id} ${objects.join()} ${by} ${cause}`);
  }

  /** One grant a step: the id of a lock set is the position of its grant. */
  #handOn(group: ModelGroup): void {
    const [wait] = group.grantable();
    if (this.#granted || wait === undefined) return;
    group.waits = group.waits.filter((each) => each !== wait);
    this.#revise(group, wait, 'ok');
    this.#grant(group, wait);
  }

  #endWaits(group: ModelGroup, matches: (wait: Wait) => boolean): void {
    for (const wait of group.waits.filter(matches)) {
      this.#revise(group, wait, 'WAIT_ENDED');
      this.#settle(wait.client, group.name, wait.localId, 'WAIT_ENDED', false);
    }
    group.waits = group.waits.filter((wait) => !matches(wait));
  }

  #revise(group: ModelGroup, { client, localId }: Wait, verdict: string): void {
    const outcome = this.clients.get(client)?.chains.get(group.name)?.get(localId);
    if (outcome === undefined) return;
    outcome.verdict = verdict;
    outcome.at = this.#seq;
  }

  #exclude(group: ModelGroup, id: string, cause: string): void {
    group.members.delete(id);
    this.#endWaits(group, ({ client }) => client === id);
    this.#tell(group, `non_member ${id} ${cause}`);
  }

  #properties(
    group: ModelGroup,
    id: string,
    localId: number,
    properties: readonly { readonly name: string; readonly value: string }[],
  ): void {
    for (const { name, value } of properties) {
      if (value === '') group.properties.delete(name);
      else group.properties.set(name, value);
    }
    this.#tell(group, `properties ${id} ${localId}`);
  }

  #create(name: string, stateful: boolean): ModelGroup {
    this.#created += 1;
    const group = new ModelGroup(this.#created, this.#seq, name, stateful);
    this.groups.set(name, group);
    return group;
  }

  #groupWithId(id: number): ModelGroup | undefined {
    return [...this.groups.values()].find((group) => group.id === id);
  }

  #tell(group: ModelGroup, event: string): void {
    const known = this.#events.get(group.name);
    if (known === undefined) this.#events.set(group.name, [event]);
    else known.push(event);
  }

  #settle(
    id: string,
    group: string,
    localId: number,
    verdict: string,
    delivered: boolean,
    at: number = this.#seq,
  ): void {
    const session = this.clients.get(id)?.session ?? null;
    if (session === null) return;
    this.#told.push(`${id} ${session} ${group} ${localId} ${verdict}@${at} ${delivered}`);
  }

  #reached(name: string): ModelGroup | undefined {
    return this.#deleted?.name === name ? this.#deleted : this.groups.get(name);
  }

  /** Whether a connected member caused something that its group receives. */
  #reaches(id: string, localId: number): boolean {
    return [...this.#events].some(
      ([name, events]) =>
        this.#reached(name)?.members.get(id)?.absence === null &&
        events.some((event) => causedBy(event, id, localId)),
    );
  }
}

/** The oldest that is not awaited still: a lock request that waits is remembered. */
function forgetOldest(chain: Map<number, Outcome>): void {
  const kept = [...chain.values()].filter(({ forgotten }) => !forgotten);
  const oldest = kept.find(({ verdict }) => verdict !== 'waiting');
  if (kept.length > window && oldest !== undefined) oldest.forgotten = true;
}

function causedBy(event: string, id: string, localId: number): boolean {
  const words = event.split(' ');
  if (words[0] === 'lock_released') {
    return words[3] === id && words[5] === String(localId);
  }
  return words[1] === id && words[2] === String(localId) && words[0] !== 'non_member';
}
