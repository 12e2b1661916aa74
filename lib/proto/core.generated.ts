// Written by protos/compile.mjs from protos/*.proto (@wppconnect/wa-proto 2.3000.1045601094 and overlay.json); do not edit.
import { codecOf, type ProtoCodec } from './codec.ts'
import { createTables } from './table.ts'
import type * as types from './types.generated.ts'

/** What is needed to connect, log in and pair. */
export const coreTables = createTables(`
MessageKey|1 remoteJid t|2 fromMe b|3 id t|4 participant t
DisappearingMode|1 initiator e|2 trigger e|3 initiatorDeviceJid t|4 initiatedByMe b
LimitSharing|1 sharingLimited b|2 trigger e|3 limitSharingSettingTimestamp I|4 initiatedByMe b
ProcessedVideo|1 directPath t|2 fileSha256 B|3 height u|4 width u|5 fileLength U|6 bitrate u|7 quality e|8 capabilities *t
ADVSignedDeviceIdentityHMAC|1 details B|2 hmac B|3 accountType e
ADVSignedDeviceIdentity|1 details B|2 accountSignatureKey B|3 accountSignature B|4 deviceSignature B
ADVDeviceIdentity|1 rawId u|2 timestamp U|3 keyIndex u|4 accountType e|5 deviceType e
ADVSignedKeyIndexList|1 details B|2 accountSignature B|3 accountSignatureKey B
ADVKeyIndexList|1 rawId u|2 timestamp U|3 currentIndex u|4 validIndexes #u|5 accountType e
DeviceListMetadata|1 senderKeyHash B|2 senderTimestamp U|3 senderKeyIndexes #u|4 senderAccountType e|5 receiverAccountType e|8 recipientKeyHash B|9 recipientTimestamp U|10 recipientKeyIndexes #u
HandshakeMessage|2 clientHello mHandshakeMessage_ClientHello|3 serverHello mHandshakeMessage_ServerHello|4 clientFinish mHandshakeMessage_ClientFinish
HandshakeMessage_ClientFinish|1 static B|2 payload B|3 extendedCiphertext B|4 paddedBytes B|5 simulateXxkemFs b
HandshakeMessage_ClientHello|1 ephemeral B|2 static B|3 payload B|4 useExtended b|5 extendedCiphertext B|6 paddedBytes B|7 sendServerHelloPaddedBytes b|8 simulateXxkemFs b|9 pqMode e|10 extendedEphemeral B
HandshakeMessage_ServerHello|1 ephemeral B|2 static B|3 payload B|4 extendedStatic B|5 paddingBytes B|6 extendedCiphertext B
CertChain|1 leaf mCertChain_NoiseCertificate|2 intermediate mCertChain_NoiseCertificate
CertChain_NoiseCertificate|1 details B|2 signature B
CertChain_NoiseCertificate_Details|1 serial u|2 issuerSerial u|3 key B|4 notBefore U|5 notAfter U
NoiseCertificate|1 details B|2 signature B
NoiseCertificate_Details|1 serial u|2 issuer t|3 expires U|4 subject t|5 key B
ClientPayload|1 username U|3 passive b|5 userAgent mClientPayload_UserAgent|6 webInfo mClientPayload_WebInfo|7 pushName t|9 sessionId z|10 shortConnect b|12 connectType e|13 connectReason e|14 shards *i|15 dnsSource mClientPayload_DNSSource|16 connectAttemptCount u|18 device u|19 devicePairingData mClientPayload_DevicePairingRegistrationData|20 product e|21 fbCat B|22 fbUserAgent B|23 oc b|24 lc i|30 iosAppExtension e|31 fbAppId U|32 fbDeviceId B|33 pull b|34 paddingBytes B|36 yearClass i|37 memClass i|38 interopData mClientPayload_InteropData|40 trafficAnonymization e|41 lidDbMigrated b|42 accountType e|43 connectionSequenceInfo z|44 paaLink b|45 preacksCount i|46 processingQueueSize i|47 pairedPeripherals *t|48 testIsolationId B
ClientPayload_DNSSource|15 dnsMethod e|16 appCached b
ClientPayload_DevicePairingRegistrationData|1 eRegid B|2 eKeytype B|3 eIdent B|4 eSkeyId B|5 eSkeyVal B|6 eSkeySig B|7 buildHash B|8 deviceProps B
ClientPayload_InteropData|1 accountId U|2 token B|3 enableReadReceipts b
ClientPayload_UserAgent|1 platform e|2 appVersion mClientPayload_UserAgent_AppVersion|3 mcc t|4 mnc t|5 osVersion t|6 manufacturer t|7 device t|8 osBuildNumber t|9 phoneId t|10 releaseChannel e|11 localeLanguageIso6391 t|12 localeCountryIso31661Alpha2 t|13 deviceBoard t|14 deviceExpId t|15 deviceType e|16 deviceModelType t|17 distributionChannel e
ClientPayload_UserAgent_AppVersion|1 primary u|2 secondary u|3 tertiary u|4 quaternary u|5 quinary u
ClientPayload_WebInfo|1 refToken t|2 version t|3 webdPayload mClientPayload_WebInfo_WebdPayload|4 webSubPlatform e|5 browser t|6 browserVersion t
ClientPayload_WebInfo_WebdPayload|1 usesParticipantInKey b|2 supportsStarredMessages b|3 supportsDocumentMessages b|4 supportsUrlMessages b|5 supportsMediaRetry b|6 supportsE2EImage b|7 supportsE2EVideo b|8 supportsE2EAudio b|9 supportsE2EDocument b|10 documentTypes t|11 features B
DeviceProps|1 os t|2 version mDeviceProps_AppVersion|3 platformType e|4 requireFullSync b|5 historySyncConfig mDeviceProps_HistorySyncConfig
DeviceProps_AppVersion|1 primary u|2 secondary u|3 tertiary u|4 quaternary u|5 quinary u
DeviceProps_HistorySyncConfig|1 fullSyncDaysLimit u|2 fullSyncSizeMbLimit u|3 storageQuotaMb u|4 inlineInitialPayloadInE2EeMsg b|5 recentSyncDaysLimit u|6 supportCallLogHistory b|7 supportBotUserAgentChatHistory b|8 supportCagReactionsAndPolls b|9 supportBizHostedMsg b|10 supportRecentSyncChunkMessageCountTuning b|11 supportHostedGroupMsg b|12 supportFbidBotChatHistory b|13 supportAddOnHistorySyncMigration b|14 supportMessageAssociation b|15 supportGroupHistory b|16 onDemandReady b|17 supportGuestChat b|18 completeOnDemandReady b|19 thumbnailSyncDaysLimit u|20 initialSyncMaxMessagesPerChat u|21 supportManusHistory b|22 supportHatchHistory b|23 supportedBotChannelFbids *t|24 supportInlineContacts b|25 supportNewsletter b
ClientPairingProps|1 isChatDbLidMigrated b|2 isSyncdPureLidSession b|3 isSyncdSnapshotRecoveryEnabled b|4 isHsThumbnailSyncEnabled b|5 subscriptionSyncPayload B
CompanionCommitment|1 hash B
ProloguePayload|1 companionEphemeralIdentity B|2 commitment mCompanionCommitment
PairingRequest|1 companionPublicKey B|2 companionIdentityKey B|3 advSecret B
EncryptedPairingRequest|1 encryptedPayload B|2 iv B
PrimaryEphemeralIdentity|1 publicKey B|2 nonce B
CompanionEphemeralIdentity|1 publicKey B|2 deviceType e|3 ref t
DeviceConsistencyCodeMessage|1 generation u|2 signature B
`)
const tables = coreTables

export type MessageKey = types.MessageKey
export const MessageKey: ProtoCodec<types.MessageKey> = /* @__PURE__ */ codecOf('MessageKey', tables)
export type DisappearingMode = types.DisappearingMode
export const DisappearingMode: ProtoCodec<types.DisappearingMode> = /* @__PURE__ */ codecOf('DisappearingMode', tables)
export type LimitSharing = types.LimitSharing
export const LimitSharing: ProtoCodec<types.LimitSharing> = /* @__PURE__ */ codecOf('LimitSharing', tables)
export type ProcessedVideo = types.ProcessedVideo
export const ProcessedVideo: ProtoCodec<types.ProcessedVideo> = /* @__PURE__ */ codecOf('ProcessedVideo', tables)
export type ADVSignedDeviceIdentityHMAC = types.ADVSignedDeviceIdentityHMAC
export const ADVSignedDeviceIdentityHMAC: ProtoCodec<types.ADVSignedDeviceIdentityHMAC> = /* @__PURE__ */ codecOf('ADVSignedDeviceIdentityHMAC', tables)
export type ADVSignedDeviceIdentity = types.ADVSignedDeviceIdentity
export const ADVSignedDeviceIdentity: ProtoCodec<types.ADVSignedDeviceIdentity> = /* @__PURE__ */ codecOf('ADVSignedDeviceIdentity', tables)
export type ADVDeviceIdentity = types.ADVDeviceIdentity
export const ADVDeviceIdentity: ProtoCodec<types.ADVDeviceIdentity> = /* @__PURE__ */ codecOf('ADVDeviceIdentity', tables)
export type ADVSignedKeyIndexList = types.ADVSignedKeyIndexList
export const ADVSignedKeyIndexList: ProtoCodec<types.ADVSignedKeyIndexList> = /* @__PURE__ */ codecOf('ADVSignedKeyIndexList', tables)
export type ADVKeyIndexList = types.ADVKeyIndexList
export const ADVKeyIndexList: ProtoCodec<types.ADVKeyIndexList> = /* @__PURE__ */ codecOf('ADVKeyIndexList', tables)
export type DeviceListMetadata = types.DeviceListMetadata
export const DeviceListMetadata: ProtoCodec<types.DeviceListMetadata> = /* @__PURE__ */ codecOf('DeviceListMetadata', tables)
export type HandshakeMessage = types.HandshakeMessage
export const HandshakeMessage: ProtoCodec<types.HandshakeMessage> = /* @__PURE__ */ codecOf('HandshakeMessage', tables)
export type HandshakeMessage_ClientFinish = types.HandshakeMessage_ClientFinish
export const HandshakeMessage_ClientFinish: ProtoCodec<types.HandshakeMessage_ClientFinish> = /* @__PURE__ */ codecOf('HandshakeMessage_ClientFinish', tables)
export type HandshakeMessage_ClientHello = types.HandshakeMessage_ClientHello
export const HandshakeMessage_ClientHello: ProtoCodec<types.HandshakeMessage_ClientHello> = /* @__PURE__ */ codecOf('HandshakeMessage_ClientHello', tables)
export type HandshakeMessage_ServerHello = types.HandshakeMessage_ServerHello
export const HandshakeMessage_ServerHello: ProtoCodec<types.HandshakeMessage_ServerHello> = /* @__PURE__ */ codecOf('HandshakeMessage_ServerHello', tables)
export type CertChain = types.CertChain
export const CertChain: ProtoCodec<types.CertChain> = /* @__PURE__ */ codecOf('CertChain', tables)
export type CertChain_NoiseCertificate = types.CertChain_NoiseCertificate
export const CertChain_NoiseCertificate: ProtoCodec<types.CertChain_NoiseCertificate> = /* @__PURE__ */ codecOf('CertChain_NoiseCertificate', tables)
export type CertChain_NoiseCertificate_Details = types.CertChain_NoiseCertificate_Details
export const CertChain_NoiseCertificate_Details: ProtoCodec<types.CertChain_NoiseCertificate_Details> = /* @__PURE__ */ codecOf('CertChain_NoiseCertificate_Details', tables)
export type NoiseCertificate = types.NoiseCertificate
export const NoiseCertificate: ProtoCodec<types.NoiseCertificate> = /* @__PURE__ */ codecOf('NoiseCertificate', tables)
export type NoiseCertificate_Details = types.NoiseCertificate_Details
export const NoiseCertificate_Details: ProtoCodec<types.NoiseCertificate_Details> = /* @__PURE__ */ codecOf('NoiseCertificate_Details', tables)
export type ClientPayload = types.ClientPayload
export const ClientPayload: ProtoCodec<types.ClientPayload> = /* @__PURE__ */ codecOf('ClientPayload', tables)
export type ClientPayload_DNSSource = types.ClientPayload_DNSSource
export const ClientPayload_DNSSource: ProtoCodec<types.ClientPayload_DNSSource> = /* @__PURE__ */ codecOf('ClientPayload_DNSSource', tables)
export type ClientPayload_DevicePairingRegistrationData = types.ClientPayload_DevicePairingRegistrationData
export const ClientPayload_DevicePairingRegistrationData: ProtoCodec<types.ClientPayload_DevicePairingRegistrationData> = /* @__PURE__ */ codecOf('ClientPayload_DevicePairingRegistrationData', tables)
export type ClientPayload_InteropData = types.ClientPayload_InteropData
export const ClientPayload_InteropData: ProtoCodec<types.ClientPayload_InteropData> = /* @__PURE__ */ codecOf('ClientPayload_InteropData', tables)
export type ClientPayload_UserAgent = types.ClientPayload_UserAgent
export const ClientPayload_UserAgent: ProtoCodec<types.ClientPayload_UserAgent> = /* @__PURE__ */ codecOf('ClientPayload_UserAgent', tables)
export type ClientPayload_UserAgent_AppVersion = types.ClientPayload_UserAgent_AppVersion
export const ClientPayload_UserAgent_AppVersion: ProtoCodec<types.ClientPayload_UserAgent_AppVersion> = /* @__PURE__ */ codecOf('ClientPayload_UserAgent_AppVersion', tables)
export type ClientPayload_WebInfo = types.ClientPayload_WebInfo
export const ClientPayload_WebInfo: ProtoCodec<types.ClientPayload_WebInfo> = /* @__PURE__ */ codecOf('ClientPayload_WebInfo', tables)
export type ClientPayload_WebInfo_WebdPayload = types.ClientPayload_WebInfo_WebdPayload
export const ClientPayload_WebInfo_WebdPayload: ProtoCodec<types.ClientPayload_WebInfo_WebdPayload> = /* @__PURE__ */ codecOf('ClientPayload_WebInfo_WebdPayload', tables)
export type DeviceProps = types.DeviceProps
export const DeviceProps: ProtoCodec<types.DeviceProps> = /* @__PURE__ */ codecOf('DeviceProps', tables)
export type DeviceProps_AppVersion = types.DeviceProps_AppVersion
export const DeviceProps_AppVersion: ProtoCodec<types.DeviceProps_AppVersion> = /* @__PURE__ */ codecOf('DeviceProps_AppVersion', tables)
export type DeviceProps_HistorySyncConfig = types.DeviceProps_HistorySyncConfig
export const DeviceProps_HistorySyncConfig: ProtoCodec<types.DeviceProps_HistorySyncConfig> = /* @__PURE__ */ codecOf('DeviceProps_HistorySyncConfig', tables)
export type ClientPairingProps = types.ClientPairingProps
export const ClientPairingProps: ProtoCodec<types.ClientPairingProps> = /* @__PURE__ */ codecOf('ClientPairingProps', tables)
export type CompanionCommitment = types.CompanionCommitment
export const CompanionCommitment: ProtoCodec<types.CompanionCommitment> = /* @__PURE__ */ codecOf('CompanionCommitment', tables)
export type ProloguePayload = types.ProloguePayload
export const ProloguePayload: ProtoCodec<types.ProloguePayload> = /* @__PURE__ */ codecOf('ProloguePayload', tables)
export type PairingRequest = types.PairingRequest
export const PairingRequest: ProtoCodec<types.PairingRequest> = /* @__PURE__ */ codecOf('PairingRequest', tables)
export type EncryptedPairingRequest = types.EncryptedPairingRequest
export const EncryptedPairingRequest: ProtoCodec<types.EncryptedPairingRequest> = /* @__PURE__ */ codecOf('EncryptedPairingRequest', tables)
export type PrimaryEphemeralIdentity = types.PrimaryEphemeralIdentity
export const PrimaryEphemeralIdentity: ProtoCodec<types.PrimaryEphemeralIdentity> = /* @__PURE__ */ codecOf('PrimaryEphemeralIdentity', tables)
export type CompanionEphemeralIdentity = types.CompanionEphemeralIdentity
export const CompanionEphemeralIdentity: ProtoCodec<types.CompanionEphemeralIdentity> = /* @__PURE__ */ codecOf('CompanionEphemeralIdentity', tables)
export type DeviceConsistencyCodeMessage = types.DeviceConsistencyCodeMessage
export const DeviceConsistencyCodeMessage: ProtoCodec<types.DeviceConsistencyCodeMessage> = /* @__PURE__ */ codecOf('DeviceConsistencyCodeMessage', tables)
