import { connect } from '@choir/client';
import { BrowserOutbox } from '@choir/client/browser';

Object.assign(globalThis, { connect, BrowserOutbox });
