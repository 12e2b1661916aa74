import { md5 } from '#crypto'
import type { Account } from '../account/account.ts'
import { bigEndian, utf8 } from '../bytes/bytes.ts'
import { ClientPayload, DeviceProps } from '../proto/core.generated.ts'
import type { Settings } from './options.ts'

/** `UserAgent.Platform.WEB`, `ReleaseChannel.RELEASE`, `WebInfo.WebSubPlatform.WEB_BROWSER`. */
const WEB_PLATFORM = 14
const RELEASE = 0
const WEB_BROWSER = 0

/** `ConnectType.WIFI_UNKNOWN`, `ConnectReason.USER_ACTIVATED`. */
const WIFI_UNKNOWN = 1
const USER_ACTIVATED = 1

type PayloadSettings = Pick<Settings, 'version' | 'locale' | 'device'>

/** What a client tells the server inside the handshake (protocol document 02, section 2). */
export const clientPayload = (account: Account, settings: PayloadSettings): Uint8Array =>
  ClientPayload.encode({ ...commonPart(settings), ...(account.link ? loginPart(account) : registrationPart(account, settings)) })

const commonPart = ({ version: [primary, secondary, tertiary], locale }: PayloadSettings): ClientPayload => ({
  userAgent: {
    platform: WEB_PLATFORM,
    appVersion: { primary, secondary, tertiary },
    mcc: '000',
    mnc: '000',
    osVersion: '0.1',
    manufacturer: '',
    device: 'Desktop',
    osBuildNumber: '0.1',
    releaseChannel: RELEASE,
    localeLanguageIso6391: locale.language,
    localeCountryIso31661Alpha2: locale.country,
  },
  webInfo: { webSubPlatform: WEB_BROWSER },
  connectType: WIFI_UNKNOWN,
  connectReason: USER_ACTIVATED,
})

const loginPart = ({ link, loginCounter }: Account): ClientPayload => ({
  // Phone numbers have up to 15 digits, which a number holds exactly.
  username: Number(link!.id.user),
  device: link!.id.device,
  passive: false,
  pull: true,
  lc: loginCounter,
  lidDbMigrated: false,
})

const registrationPart = (account: Account, { version, device }: PayloadSettings): ClientPayload => ({
  passive: false,
  pull: false,
  devicePairingData: {
    eRegid: bigEndian(account.registrationId, 4),
    eKeytype: Uint8Array.of(5),
    eIdent: account.identity.publicKey,
    eSkeyId: bigEndian(account.signedPrekey.id, 3),
    eSkeyVal: account.signedPrekey.pair.publicKey,
    eSkeySig: account.signedPrekey.signature,
    buildHash: md5(utf8(version.join('.'))),
    deviceProps: DeviceProps.encode(deviceProps(device)),
  },
})

/** What the phone shows and which history it sends (protocol document 02, section 2.3). */
const deviceProps = ({ system, platformType }: PayloadSettings['device']): DeviceProps => ({
  os: system,
  version: { primary: 0, secondary: 1, tertiary: 0 },
  platformType,
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
})
