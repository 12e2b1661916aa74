/** The devices of one person, as kept. */
export interface DeviceList {
  /** Device numbers, the phone's 0 among them. */
  readonly ids: readonly number[]
  /** Places of linked devices in the signed list of their phone, as far as known. */
  readonly keyIndexes: ReadonlyMap<number, number>
  /** Names the phone's list: another one means that all linked devices are others. */
  readonly rawId: number | undefined
  readonly learntAtMs: number
  /** No longer right, kept for what it once said. */
  readonly isOutdated: boolean
}

const FORMAT = 1
const HEAD_BYTES = 14
const DEVICE_BYTES = 6

/** Bits of the flags. */
const [OUTDATED, HAS_RAW_ID] = [1, 2]

/**
 * One byte of format, eight of time, one of flags, four of the number of the phone's list; then six for each
 * device: its number, whether it has a place, the place.
 */
export const encodeDeviceList = ({ ids, keyIndexes, rawId, learntAtMs, isOutdated }: DeviceList): Uint8Array => {
  const row = new Uint8Array(HEAD_BYTES + ids.length * DEVICE_BYTES)
  const view = new DataView(row.buffer)
  row[0] = FORMAT
  view.setFloat64(1, learntAtMs)
  row[9] = (isOutdated ? OUTDATED : 0) | (rawId === undefined ? 0 : HAS_RAW_ID)
  view.setUint32(10, rawId ?? 0)
  ids.forEach((id, index) => {
    const at = HEAD_BYTES + index * DEVICE_BYTES
    const keyIndex = keyIndexes.get(id)
    row[at] = id
    row[at + 1] = keyIndex === undefined ? 0 : 1
    view.setUint32(at + 2, keyIndex ?? 0)
  })
  return row
}

/** Undefined for a damaged row, or one of an older format: the server is asked again. */
export const decodeDeviceList = (row: Uint8Array): DeviceList | undefined => {
  if (row.length < HEAD_BYTES || row[0] !== FORMAT || (row.length - HEAD_BYTES) % DEVICE_BYTES !== 0) return undefined
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  const learntAtMs = view.getFloat64(1)
  if (!Number.isFinite(learntAtMs)) return undefined
  const ids: number[] = []
  const keyIndexes = new Map<number, number>()
  for (let at = HEAD_BYTES; at < row.length; at += DEVICE_BYTES) {
    ids.push(row[at]!)
    if (row[at + 1] === 1) keyIndexes.set(row[at]!, view.getUint32(at + 2))
  }
  return { ids, keyIndexes, rawId: (row[9]! & HAS_RAW_ID) === 0 ? undefined : view.getUint32(10), learntAtMs, isOutdated: (row[9]! & OUTDATED) !== 0 }
}
