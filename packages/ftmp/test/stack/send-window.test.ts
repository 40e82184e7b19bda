/** What may be under way of one sender. */
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../src/index.ts';
import { sendWindow } from '../../src/stack/send-window.ts';

const settings = { ...defaultSettings, windowMessages: 512, windowBytes: 2 ** 20 };

describe('the window of a sender', () => {
  test('is that of the settings where few send', () => {
    expect(sendWindow(settings, 0)).toEqual({ messages: 512, bytes: 2 ** 20 });
    expect(sendWindow(settings, 2)).toEqual({ messages: 512, bytes: 2 ** 20 });
  });

  test.each([4, 7, 15, 63, 254])(
    'of %i is such that all of them fit into what a receiver has room for',
    (senders) => {
      const { messages, bytes } = sendWindow(settings, senders);
      const least = 8 * settings.packetBytes;
      expect(senders * bytes).toBeLessThanOrEqual(Math.max(settings.receiveBytes, senders * least));
      // What a datagram without content takes of a receive buffer.
      expect(senders * messages * 1_024).toBeLessThanOrEqual(
        Math.max(settings.receiveBytes, senders * 8 * 1_024),
      );
    },
  );

  test('has room for some packets in any case', () => {
    const small = { ...settings, receiveBytes: 1_024 };
    expect(sendWindow(small, 100)).toEqual({ messages: 8, bytes: 8 * settings.packetBytes });
  });
});
