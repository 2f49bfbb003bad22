// A producer in JavaScript for Node (20.15 or newer); streamer/wire/SPEC.md is what it follows.
//
//     npm ci
//     node producer.mjs tcp://127.0.0.1:15577 puzzle 20000
//
// It publishes a puzzle: each x is 1 in one case of four, and y is the inverse of the x before. To publish a log of
// your own, change EPOCH, INPUTS and `row`. What keeps the promise "each number once" is that row(n) never changes.

import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { decode as unpack, encode as pack } from "@msgpack/msgpack";
import { Dealer } from "zeromq";

const HELLO = 1, WELCOME = 2, DATA = 3, PROGRESS = 4, RESEND = 5;
const HELLO_AGAIN = 6, REFUSED = 7, PING = 8, BYE = 9, FLUSH = 10;
const ENDLESS = 2n ** 62n;
const BATCH = 256;
const HELLO_MS = 1000, PING_MS = 1000, SILENCE_MS = 5000;

// The log's identity: another one as soon as a single row would be another.
const EPOCH = Buffer.from("puzzle-1").toString("hex");
const INPUTS = 1;

// 1 in one case of four: 32 bits of n, mixed (the last step of MurmurHash3), so that any n can be had at once.
function bit(n) {
  let h = n >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0 < 2 ** 30 ? 1 : 0;
}

// Sample n of the log: its inputs, then its target.
function row(n) {
  return [bit(n), 1 - bit(n - 1)];
}

function encode(kind, fields, payload = Buffer.alloc(0)) {
  const header = pack([1, kind, fields], { useBigInt64: true });
  const frame = Buffer.concat([Buffer.alloc(6), header, payload]);
  frame.writeUInt16LE(header.length, 4);
  frame.writeUInt32LE(crc32(frame.subarray(4)), 0);
  return frame;
}

// Kind and fields; kind 0 for a frame that is damaged or of another version, which is to be ignored.
function decode(frame) {
  if (frame.length < 6 || frame.readUInt32LE(0) !== crc32(frame.subarray(4))) return [0, [0]];
  const header = frame.subarray(6, 6 + frame.readUInt16LE(4));
  const [version, kind, fields] = unpack(header, { useBigInt64: true });
  return version === 1 ? [kind, fields] : [0, [0]];
}

class Producer {
  session = 0n; // none: a hello is to be sent. A session has 63 bits, more than a number holds: it stays a bigint
  position = 0; limit = 0; cursor = 0; acknowledged = 0;
  saidAt = -Infinity; heardAt = 0;
  flushed = false;

  constructor(socket, stream, samples) {
    Object.assign(this, { socket, stream, samples });
    this.incarnation = randomBytes(8).readBigUInt64LE() >> 1n;
  }

  async run() {
    while (!this.session || this.acknowledged < this.samples) {
      const frame = await this.receive(this.maySend() ? 0 : 100);
      if (frame) this.take(...decode(frame));
      await this.sendWhatIsDue();
    }
    await this.send(BYE, [this.session]);
  }

  maySend() {
    return this.session && this.position < Math.min(this.limit, this.samples);
  }

  take(kind, [id, ...rest]) {
    const session = BigInt(id);
    if (kind === WELCOME && session !== this.session) {
      this.session = session;
      [this.position, this.limit] = rest.map(Number);
      this.flushed = false;
    } else if (kind === REFUSED && session === this.session) {
      const [reason, explanation, retry] = rest;
      if (!retry) throw new Error(`the daemon refused this stream: ${reason}: ${explanation}`);
      this.session = 0n;
      this.saidAt = performance.now(); // the next hello in a second
    } else if (!session || session !== this.session) {
      return; // of a session that is over
    } else if (kind === PROGRESS) {
      [this.cursor, this.acknowledged, this.limit] = rest.map(Number);
    } else if (kind === RESEND) {
      this.position = Number(rest[0]);
    } else if (kind === HELLO_AGAIN) {
      this.session = 0n;
    }
    this.heardAt = performance.now();
  }

  async sendWhatIsDue() {
    const now = performance.now(), silent = now - this.saidAt;
    if (this.session && now - this.heardAt > SILENCE_MS) this.session = 0n; // the daemon is gone
    if (!this.session) {
      if (silent >= HELLO_MS) {
        await this.send(HELLO, [0, this.stream, INPUTS, EPOCH, 0, ENDLESS, 0, this.incarnation]);
      }
    } else if (this.maySend()) {
      await this.sendData(Math.min(BATCH, this.limit - this.position, this.samples - this.position));
    } else if (silent >= PING_MS || (this.cursor >= this.samples && !this.flushed)) {
      this.flushed = this.cursor >= this.samples;
      await this.send(this.flushed ? FLUSH : PING, [this.session, this.position]);
    }
  }

  async sendData(count) {
    const rows = Array.from({ length: count }, (_, i) => row(this.position + i)).flat();
    const payload = Buffer.alloc(4 * rows.length);
    rows.forEach((number, i) => payload.writeFloatLE(number, 4 * i));
    if (await this.send(DATA, [this.session, this.position, count, INPUTS], payload)) this.position += count;
  }

  // False if the socket takes nothing now: there is no daemon, or it is slow.
  async send(kind, fields, payload) {
    if (!(await unlessItWouldBlock(this.socket.send(encode(kind, fields, payload)).then(() => true)))) return false;
    this.saidAt = performance.now();
    return true;
  }

  async receive(milliseconds) {
    this.socket.receiveTimeout = milliseconds;
    return (await unlessItWouldBlock(this.socket.receive()))?.[0];
  }
}

async function unlessItWouldBlock(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
  }
}

const [endpoint, stream, samples] = process.argv.slice(2);
if (process.argv.length !== 5 || !/^\d+$/.test(samples)) {
  console.error("usage: node producer.mjs ENDPOINT STREAM SAMPLES");
  process.exit(2);
}
const socket = new Dealer({
  immediate: true, // queue nothing while there is no daemon
  sendHighWaterMark: 256,
  receiveHighWaterMark: 256,
  linger: 500,
  sendTimeout: 0,
});
try {
  socket.connect(endpoint);
} catch (error) {
  console.error(`${endpoint}: ${error.message}`);
  process.exit(2);
}
try {
  await new Producer(socket, stream, Number(samples)).run();
  console.log(`${samples} samples learned, and safe on the daemon's disk`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
socket.close();
