import { describe, expect, it } from '@jest/globals'

import { sha256 } from '#crypto'
import { toHex } from '../../lib/bytes/bytes.ts'
import {
  CertChain_NoiseCertificate_Details,
  CertChain,
  HistorySync,
  MediaRetryNotification,
  Message,
  MessageKey,
  PreKeySignalMessage,
  SenderKeyDistributionMessage,
  SenderKeyMessage,
  ServerErrorReceipt,
  SignalMessage,
  SyncActionData,
} from '../../lib/proto/index.ts'
import {
  ADVDeviceIdentity,
  ADVKeyIndexList,
  ADVSignedDeviceIdentity,
  ADVSignedDeviceIdentityHMAC,
  ClientPayload,
  CompanionEphemeralIdentity,
  DeviceProps,
  HandshakeMessage,
  ProloguePayload,
} from '../../lib/proto/core.generated.ts'
import { hex } from '../vectors.ts'

describe('known answers', () => {
  it('handshake', () => {
    const wire = '12220a207b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13'
    expect(toHex(HandshakeMessage.decode(hex(wire)).clientHello!.ephemeral!)).toBe(wire.slice(8))
    expect(toHex(HandshakeMessage.encode(HandshakeMessage.decode(hex(wire))))).toBe(wire)
  })

  it('login payload: what is zero is still written', () =>
    expect(
      toHex(
        ClientPayload.encode({
          username: 5511999998888,
          device: 7,
          passive: false,
          pull: true,
          lc: 3,
          lidDbMigrated: false,
          userAgent: {
            platform: 14,
            appVersion: { primary: 2, secondary: 3000, tertiary: 1045368834 },
            mcc: '000',
            mnc: '000',
            osVersion: '0.1.0',
            manufacturer: '',
            device: 'Desktop',
            osBuildNumber: '0.1.0',
            releaseChannel: 0,
            localeLanguageIso6391: 'en',
            localeCountryIso31661Alpha2: 'US',
          },
          webInfo: { webSubPlatform: 0 },
          connectType: 1,
          connectReason: 1,
        }),
      ),
    ).toBe(
      '08a897b5e6b5a00118002a3c080e120b080210b8171882a0bcf2031a0330303022033030302a05302e312e3032003a074465736b746f704205302e312e3050005a02656e620255533202200060016801900107c00103880201c80200',
    ))

  it('device properties', () =>
    expect(
      toHex(
        DeviceProps.encode({
          os: 'rxwa',
          version: { primary: 0, secondary: 1, tertiary: 0 },
          platformType: 1,
          requireFullSync: false,
          historySyncConfig: {
            inlineInitialPayloadInE2EeMsg: true,
            supportCallLogHistory: true,
            supportBotUserAgentChatHistory: true,
            supportCagReactionsAndPolls: true,
            supportBizHostedMsg: true,
            supportRecentSyncChunkMessageCountTuning: true,
            supportHostedGroupMsg: true,
            supportFbidBotChatHistory: true,
            supportMessageAssociation: true,
            supportGroupHistory: true,
            supportManusHistory: true,
            supportHatchHistory: true,
          },
        }),
      ),
    ).toBe('0a047278776112060800100118001801' + '20002a1a2001300138014001480150015801600170017801a80101b00101'))

  it('device identities and lists', () => {
    expect(toHex(ADVDeviceIdentity.encode({ rawId: 12345, timestamp: 1755800000, keyIndex: 3 }))).toBe('08b96010c0c39dc5061803')
    expect(toHex(ADVKeyIndexList.encode({ rawId: 12345, timestamp: 1755800000, currentIndex: 3, validIndexes: [0, 1, 3] }))).toBe(
      '08b96010c0c39dc50618032203000103',
    )
    expect(ADVKeyIndexList.decode(hex('08b96010c0c39dc5061803200020012003')).validIndexes).toEqual([0, 1, 3])
  })

  it('a copy for our own device', () =>
    expect(
      toHex(
        Message.encode({
          messageContextInfo: { messageSecret: new Uint8Array(32).fill(0xab) },
          deviceSentMessage: { destinationJid: '222222222222222@lid', message: { conversation: 'hello' } },
        }),
      ),
    ).toBe(`fa011e0a13323232323232323232323232323232406c696412070a0568656c6c6f9a02221a20${'ab'.repeat(32)}`))

  it('keeps a false that was said', () =>
    expect(toHex(MessageKey.encode({ remoteJid: 'a', fromMe: false, id: 'b' }))).toBe('0a0161' + '1000' + '1a0162'))

  it('certificates', () => {
    const details = (serial: number, issuerSerial: number, key: string) =>
      CertChain_NoiseCertificate_Details.encode({ serial, issuerSerial, key: hex(key), notBefore: 1700000000, notAfter: 2000000000 })
    const intermediate = details(1, 0, '219e4d800da968d2a5fcb009c784f4746c7138edb9ee4844b739e830b05cf424')
    const leaf = details(2, 1, 'ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b')
    expect(toHex(intermediate)).toBe('080110001a20219e4d800da968d2a5fcb009c784f4746c7138edb9ee4844b739e830b05cf4242080e2cfaa062880a8d6b907')
    expect(toHex(leaf)).toBe('080210011a20ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b2080e2cfaa062880a8d6b907')
    const chain = CertChain.encode({
      leaf: {
        details: leaf,
        signature: hex('e77b85afec0fb3dbefcd554b032cebd2cccd0c268f003c493bbd568b59115fdeb687b581ddb391e4e0b3e3f3186577b09c08bed8bcac1665e8c792ad3491458f'),
      },
      intermediate: {
        details: intermediate,
        signature: hex('d7f66b6b256e24e84667d7f052deaedac6afb8b25ecbaf139f7404a3b78e28be22b3b97f86a912cd31fe504a296b6b8176b9960bd3add6fc60e0dc4e4b52a804'),
      },
    })
    expect(chain.length).toBe(240)
    expect(toHex(sha256(chain))).toBe('3bece66456e93ece3b8504c797ade1b98e071471863a4b2909989b38685e64eb')
  })

  it('a signed device identity, as the pairing carries it', () => {
    expect(toHex(ADVDeviceIdentity.encode({ rawId: 12345, timestamp: 1755800000, keyIndex: 3, accountType: 1, deviceType: 1 }))).toBe('08b96010c0c39dc506180320012801')
    const wire =
      '0a710a0b08b96010c0c39dc50618031220ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b1a402a25a6eb0ea02791696ac460a10e6520b09592d115c7ef63e1368a1a806a3bcdeb04f5bf1b85fae20a59523ed691716de5af7fbb79becad58d38e5b386e06c8f12206f1b639491fb21236fb5c246c8b998bc79bef8113c27ded4e43ebabc22d38abf'
    const outer = ADVSignedDeviceIdentityHMAC.decode(hex(wire))
    const inner = ADVSignedDeviceIdentity.decode(outer.details!)
    expect(ADVDeviceIdentity.decode(inner.details!)).toEqual({ rawId: 12345, timestamp: 1755800000, keyIndex: 3 })
    expect(toHex(ADVSignedDeviceIdentityHMAC.encode({ ...outer, details: ADVSignedDeviceIdentity.encode(inner) }))).toBe(wire)
  })

  it('pairing with a passkey', () => {
    const identity = '0a207b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f1310011a06524546313233'
    const { publicKey, deviceType, ref } = CompanionEphemeralIdentity.decode(hex(identity))
    expect([toHex(publicKey!), deviceType, ref]).toEqual([identity.slice(4, 68), 1, 'REF123'])
    expect(toHex(CompanionEphemeralIdentity.encode({ ref: ref!, deviceType: 1, publicKey: publicKey! }))).toBe(identity)
    const commitment = 'c525fd0d42cdf187ba8d2d2f151eacd82626a7a8e6573bf9dbee9690d95f730b'
    expect(toHex(ProloguePayload.encode({ companionEphemeralIdentity: hex(identity), commitment: { hash: hex(commitment) } }))).toBe(
      `0a2c${identity}12220a20${commitment}`,
    )
  })

  it('Signal messages, without version byte and signature', () => {
    const message = '0a21057b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b141001180022109b19b4d37c5a26cb8f3f0e7224f43907'
    expect(SignalMessage.decode(hex(message))).toMatchObject({ counter: 1, previousCounter: 0 })
    expect(toHex(SignalMessage.encode(SignalMessage.decode(hex(message))))).toBe(message)
    const first =
      '08071221050faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f201a21057b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f132242330a21057b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b14100018002210f7f5d56bc3fefaf4d49e38e5e5d4cf092cd9fe71b570a2e028d7083003'
    expect(PreKeySignalMessage.decode(hex(first))).toMatchObject({ preKeyId: 7, registrationId: 1111, signedPreKeyId: 3 })
    expect(toHex(PreKeySignalMessage.encode(PreKeySignalMessage.decode(hex(first))))).toBe(first)
    const group = '08f8acd1910110001a104a6a3a1d9d05ca8ba7fe41d6ebb64756'
    expect(SenderKeyMessage.decode(hex(group))).toMatchObject({ id: 305419896, iteration: 0 })
    expect(toHex(SenderKeyMessage.encode(SenderKeyMessage.decode(hex(group))))).toBe(group)
  })

  it('a sender key on its way', () => {
    const key = SenderKeyDistributionMessage.encode({
      id: 305419896,
      iteration: 0,
      chainKey: new Uint8Array(32).fill(8),
      signingKey: hex('0557db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421'),
    })
    const carried = `33${toHex(key)}`
    expect(carried).toBe('3308f8acd1910110001a20080808080808080808080808080808080808080808080808080808080808080822210557db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421')
    expect(
      toHex(Message.encode({ senderKeyDistributionMessage: { groupId: '120363000000000001@g.us', axolotlSenderKeyDistributionMessage: hex(carried) } })),
    ).toBe(`12690a1731323033363330303030303030303030303140672e7573124e${carried}`)
  })

  it('messages whose bytes a reporting token covers', () => {
    const messageContextInfo = { messageSecret: new Uint8Array(32).fill(0xab), reportingTokenVersion: 2 }
    const secret = `9a02241a20${'ab'.repeat(32)}4002`
    expect(toHex(Message.encode({ conversation: 'hello', messageContextInfo }))).toBe(`0a0568656c6c6f${secret}`)
    expect(
      toHex(Message.encode({ messageContextInfo, extendedTextMessage: { text: 'hi', contextInfo: { stanzaId: 'Q', forwardingScore: 2, isForwarded: true } } })),
    ).toBe(`32100a0268698a01090a0151a80102b00101${secret}`)
  })

  it('an edit, and a request to resend a placeholder', () => {
    const remoteJid = '222222222222222@lid'
    const edit = {
      protocolMessage: {
        key: { remoteJid, fromMe: true, id: '3EB0POLLPARENT' },
        type: 14,
        editedMessage: { conversation: 'new' },
        timestampMs: 1700000000000,
      },
    }
    const wire = '62390a270a13323232323232323232323232323232406c696410011a0e33454230504f4c4c504152454e54100e72050a036e65777880d095ffbc31'
    expect(Message.decode(hex(wire))).toEqual(edit)
    expect(toHex(Message.encode(edit))).toBe(wire)
    const resend = '6238101082013308042a2f0a2d0a13323232323232323232323232323232406c696410001a143345423043343331433236413139313645303741'
    expect(
      toHex(
        Message.encode({
          protocolMessage: {
            type: 16,
            peerDataOperationRequestMessage: {
              peerDataOperationRequestType: 4,
              placeholderMessageResendRequest: [{ messageKey: { remoteJid, fromMe: false, id: '3EB0C431C26A1916E07A' } }],
            },
          },
        }),
      ),
    ).toBe(resend)
  })

  it('media retry', () => {
    expect(toHex(ServerErrorReceipt.encode({ stanzaId: '3EB0AABBCCDDEEFF0011' }))).toBe('0a143345423041414242434344444545464630303131')
    const answer = { stanzaId: '3EB0AABBCCDDEEFF0011', directPath: '/v/t62.7118-24/x.enc?ccb=11-4', result: 1 }
    expect(MediaRetryNotification.decode(MediaRetryNotification.encode(answer))).toEqual(answer)
  })

  it('a mutation with a negative time', () => {
    const wire = '0a255b226d757465222c22313535353132333435363740732e77686174736170702e6e6574225d12160880d095ffbc31220d080110ffffffffffffffffff011a002002'
    const mutation = {
      index: new TextEncoder().encode('["mute","15551234567@s.whatsapp.net"]'),
      value: { timestamp: 1700000000000, muteAction: { muted: true, muteEndTimestamp: -1 } },
      padding: new Uint8Array(0),
      version: 2,
    }
    expect(toHex(SyncActionData.encode(mutation))).toBe(wire)
    expect(SyncActionData.decode(hex(wire)).value).toEqual(mutation.value)
    expect(toHex(SyncActionData.encode({ ...mutation, value: { ...mutation.value, muteAction: { muted: true, muteEndTimestamp: -1n } } }))).toBe(wire)
  })

  it('a chunk of history', () => {
    const jid = '15551234567@s.whatsapp.net'
    const chunk = {
      syncType: 0,
      conversations: [
        {
          id: jid,
          messages: [{ message: { key: { remoteJid: jid, fromMe: false, id: 'ABCD' }, message: { conversation: 'hi' }, messageTimestamp: 1700000000 }, msgOrderId: 1 }],
          unreadCount: 2,
        },
      ],
      chunkOrder: 1,
      progress: 100,
      pushnames: [{ id: jid, pushname: 'Bob' }],
      phoneNumberToLidMappings: [{ pnJid: jid, lidJid: '99887766554433@lid' }],
    }
    const wire =
      '080012560a1a313535353132333435363740732e77686174736170702e6e657412360a320a240a1a313535353132333435363740732e77686174736170702e6e657410001a044142434412040a0268691880e2cfaa0610013002280130643a210a1a313535353132333435363740732e77686174736170702e6e65741203426f627a300a1a313535353132333435363740732e77686174736170702e6e657412123939383837373636353534343333406c6964'
    expect(toHex(HistorySync.encode(chunk))).toBe(wire)
    expect(HistorySync.decode(hex(wire))).toEqual(chunk)
  })
})
