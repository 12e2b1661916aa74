/** What a test can break about linking by passkey. */
export interface PasskeySwitches {
  /** The request comes without its options, which have to be asked for. */
  readonly withoutOptions?: boolean
  /** Options in place of good ones. */
  readonly options?: string
  /** The step that is refused, with status 403. */
  readonly refused?: 'options' | 'ref' | 'prologue' | 'nonce' | 'request'
  /** What is wrong with the phone's answer; `foreign` sends it in somebody else's name, `silent` not at all. */
  readonly answer?: 'short_key' | 'short_nonce' | 'low_order_key' | 'foreign' | 'silent'
}
