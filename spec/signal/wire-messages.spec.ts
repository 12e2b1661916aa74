import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { SignalFailed } from '../../lib/errors/signal-error.ts'
import { WireWriter } from '../../lib/signal/wire-fields.ts'
import { readPrekeyMessage, readSignalMessage } from '../../lib/signal/wire-messages.ts'

const key = new Uint8Array(32).fill(7)
const text = Uint8Array.of(1, 2, 3)
const mac = new Uint8Array(8).fill(9)
const malformed = expect.objectContaining({ fault: 'malformed' })

/** A `msg` around a protobuf. */
const envelope = (build: (writer: WireWriter) => WireWriter, version = 0x33): Uint8Array =>
  build(new WireWriter().byte(version)).raw(mac).written().slice()
const whole = (writer: WireWriter): WireWriter => writer.key(1, key).number(2, 5).number(3, 0).bytes(4, text)
const prekeyEnvelope = (build: (writer: WireWriter) => WireWriter, version = 0x33): Uint8Array =>
  build(new WireWriter().byte(version)).written().slice()
const wholePrekey = (writer: WireWriter): WireWriter => writer.key(2, key).key(3, key).bytes(4, envelope(whole)).number(6, 1)

describe('reading a msg', () => {
  it('takes what is there', () => {
    const bytes = envelope(whole)
    const message = readSignalMessage(bytes)
    expect([toHex(message.ratchetKey), message.counter, toHex(message.ciphertext), toHex(message.mac)]).toEqual([toHex(key), 5, '010203', toHex(mac)])
    expect(toHex(message.covered)).toBe(toHex(bytes.subarray(0, -8)))
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['less than version and MAC', Uint8Array.of(0x33, 0, 0, 0, 0, 0, 0, 0)],
    ['an older version', envelope(whole, 0x23)],
    ['a newer version', envelope(whole, 0x43)],
    ['no ratchet key', envelope((writer) => writer.number(2, 5).bytes(4, text))],
    ['no counter', envelope((writer) => writer.key(1, key).bytes(4, text))],
    ['no ciphertext', envelope((writer) => writer.key(1, key).number(2, 5))],
    ['a key of another type', envelope((writer) => writer.bytes(1, concat(Uint8Array.of(6), key)).number(2, 5).bytes(4, text))],
    ['a key of 34 bytes', envelope((writer) => writer.bytes(1, concat(Uint8Array.of(5), key, text)).number(2, 5).bytes(4, text))],
    ['a counter sent as bytes', envelope((writer) => writer.key(1, key).bytes(2, text).bytes(4, text))],
    ['a ciphertext sent as a number', envelope((writer) => writer.key(1, key).number(2, 5).number(4, 1))],
    ['a ciphertext sent as fixed32', envelope((writer) => writer.key(1, key).number(2, 5).raw(Uint8Array.of(0x25, 0, 0, 0, 0)))],
    ['a length past the end', envelope((writer) => writer.key(1, key).number(2, 5).raw(Uint8Array.of(0x22, 0x7f)))],
    ['a number without an end', envelope((writer) => writer.raw(new Uint8Array(12).fill(0xff)))],
    ['field number 0', envelope((writer) => whole(writer).raw(Uint8Array.of(0, 1)))],
  ])('refuses %s', (_, bytes) => expect(() => readSignalMessage(bytes)).toThrow(malformed))

  it('skips unknown fields, takes the last of repeated ones and does not look at the low version', () => {
    const bytes = envelope(
      (writer) => whole(writer).number(90, 1).bytes(91, text).raw(Uint8Array.of(0x79, 1, 2, 3, 4, 5, 6, 7, 8)).raw(Uint8Array.of(0x7d, 1, 2, 3, 4)).number(2, 6),
      0x32,
    )
    expect(readSignalMessage(bytes).counter).toBe(6)
    expect(readSignalMessage(envelope((writer) => writer.bytes(1, key).number(2, 0xffffffff).bytes(4, text))).counter).toBe(0xffffffff)
  })
})

describe('reading a pkmsg', () => {
  it('tells an absent prekey id from 0', () => {
    expect(readPrekeyMessage(prekeyEnvelope(wholePrekey)).prekeyId).toBeUndefined()
    expect(readPrekeyMessage(prekeyEnvelope((writer) => wholePrekey(writer).number(1, 0))).prekeyId).toBe(0)
    expect(readPrekeyMessage(prekeyEnvelope(wholePrekey)).registrationId).toBe(0)
    expect(readPrekeyMessage(prekeyEnvelope((writer) => wholePrekey(writer).number(5, 9).bytes(7, text).number(8, 1))).registrationId).toBe(9)
  })

  it.each<[string, Uint8Array]>([
    ['a version byte alone', Uint8Array.of(0x33)],
    ['an older version', prekeyEnvelope(wholePrekey, 0x23)],
    ['no base key', prekeyEnvelope((writer) => writer.key(3, key).bytes(4, envelope(whole)).number(6, 1))],
    ['no identity', prekeyEnvelope((writer) => writer.key(2, key).bytes(4, envelope(whole)).number(6, 1))],
    ['no message', prekeyEnvelope((writer) => writer.key(2, key).key(3, key).number(6, 1))],
    ['no signed prekey', prekeyEnvelope((writer) => writer.key(2, key).key(3, key).bytes(4, envelope(whole)))],
    ['a malformed message inside', prekeyEnvelope((writer) => writer.key(2, key).key(3, key).bytes(4, text).number(6, 1))],
  ])('refuses %s', (_, bytes) => expect(() => readPrekeyMessage(bytes)).toThrow(malformed))
})

it('every other input is malformed and nothing worse', () =>
  fastCheck.assert(
    fastCheck.property(fastCheck.uint8Array({ maxLength: 80 }), (bytes) => {
      for (const read of [readSignalMessage, readPrekeyMessage])
        try {
          read(concat(Uint8Array.of(0x33), bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(SignalFailed)
        }
    }),
    { numRuns: 500 },
  ))
