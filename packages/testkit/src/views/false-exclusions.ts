/** L6. Condition: the run is calm, nothing in it could make the living look dead. */
import { ViewsChecker } from './checker.ts';
import type { RecordKind, ViewsRecord } from './vocabulary.ts';

export class FalseExclusions extends ViewsChecker {
  readonly property = 'L6';
  readonly promise = 'In a calm run nobody is convicted, excluded or left out who did not end.';
  override readonly sees: readonly RecordKind[] = [
    'crashed',
    'stopped',
    'left',
    'convicted',
    'excluded',
    'view',
  ];
  readonly #isCalm: boolean;
  readonly #ended = new Set<string>();
  readonly #members = new Map<string, readonly string[]>();

  constructor(isCalm: boolean) {
    super();
    this.#isCalm = isCalm;
  }

  override see(record: ViewsRecord): void {
    if (!this.#isCalm) return;
    const { node } = record;
    switch (record.kind) {
      case 'crashed':
      case 'stopped':
        this.#ended.add(node);
        break;
      case 'left':
        this.#ended.add(`${record.group} ${node}`);
        break;
      case 'excluded':
        this.violated(`${node} is excluded in a calm run`, record);
        break;
      case 'convicted':
        if (!this.#hasEnded(record.group, record.who)) {
          this.violated(`${node} convicts ${record.who}, which is alive`, record);
        }
        break;
      case 'view': {
        const key = `${record.group} ${node}`;
        const before = this.#members.get(key) ?? [];
        this.#members.set(key, record.members);
        if (record.cause !== 'fault') break;
        for (const member of before) {
          if (record.members.includes(member) || this.#hasEnded(record.group, member)) continue;
          this.violated(`${record.view} leaves ${member} out, which is alive`, record);
        }
        break;
      }
      default:
        break;
    }
  }

  #hasEnded(group: number, node: string): boolean {
    return this.#ended.has(node) || this.#ended.has(`${group} ${node}`);
  }
}
