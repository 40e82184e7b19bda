/**
 * A WebSocket that does not end by itself when its client breaks the rules of frames: the `error` tells
 * of it, and whoever listens can say why before it closes.
 *
 * Boundary: `ws` gives a code without a reason only when it ends a WebSocket so; it reads nothing more.
 */
import { WebSocket } from 'ws';

export class PatientWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const byItself = code !== undefined && reason === undefined;
    if (!byItself || this.readyState !== WebSocket.OPEN) super.close(code, reason);
  }
}
