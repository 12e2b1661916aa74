/** An X25519 key pair; public and private key are 32 raw bytes. */
export interface KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
  /** The Ed25519 seed of a pair that signs, 32 bytes; pairs from elsewhere have none and sign more slowly. */
  readonly seed?: Uint8Array
}

/** AES-256-GCM under one key. */
export interface Aead {
  /** Ciphertext and 16-byte tag. */
  readonly seal: (iv: Uint8Array, additional: Uint8Array | undefined, plaintext: Uint8Array) => Uint8Array
  /** @throws CryptoFailed `bad_tag` */
  readonly open: (iv: Uint8Array, additional: Uint8Array | undefined, sealed: Uint8Array) => Uint8Array
}

/** What a crypto backend offers; both backends export exactly these. Everything is synchronous. */
export interface CryptoBackend {
  readonly randomBytes: (length: number) => Uint8Array
  readonly md5: (...parts: readonly Uint8Array[]) => Uint8Array
  readonly sha1: (...parts: readonly Uint8Array[]) => Uint8Array
  readonly sha256: (...parts: readonly Uint8Array[]) => Uint8Array
  readonly sha512: (...parts: readonly Uint8Array[]) => Uint8Array
  readonly hmacSha256: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array
  /** HMACs of two messages of one byte each under one key of at most 64 bytes; cheaper than one by one. */
  readonly hmacSha256OfTwo: (key: Uint8Array, first: number, second: number) => readonly [Uint8Array, Uint8Array]
  readonly hmacSha512: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Uint8Array
  /** @param salt 32 zero bytes when absent */
  readonly hkdfSha256: (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array | string, length: number) => Uint8Array
  readonly pbkdf2Sha256: (password: Uint8Array, salt: Uint8Array, iterations: number, length: number) => Uint8Array
  /** AES-256-CBC with PKCS#7. @throws CryptoFailed `bad_key` for a key or IV of a wrong length */
  readonly aesCbcEncrypt: (key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array) => Uint8Array
  /** @throws CryptoFailed `bad_padding`, `bad_key` */
  readonly aesCbcDecrypt: (key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array) => Uint8Array
  /** The same for many short texts under one key, prepared once. @throws CryptoFailed `bad_padding`, `bad_key` */
  readonly cbcDecryptor: (key: Uint8Array) => (iv: Uint8Array, ciphertext: Uint8Array) => Uint8Array
  /** AES-256-CTR with a 16-byte counter block; both directions are the same. @throws CryptoFailed `bad_key` */
  readonly aesCtr: (key: Uint8Array, iv: Uint8Array, data: Uint8Array) => Uint8Array
  readonly aeadOf: (key: Uint8Array) => Aead
  readonly generateKeyPair: () => KeyPair
  /** A pair that keeps its seed, for keys that sign. */
  readonly generateSigningKeyPair: () => KeyPair
  readonly keyPairFromSeed: (seed: Uint8Array) => KeyPair
  readonly publicKeyOf: (privateKey: Uint8Array) => Uint8Array
  /** X25519, 32 bytes. @throws CryptoFailed `degenerate_agreement`, `bad_key` */
  readonly agree: (privateKey: Uint8Array, publicKey: Uint8Array) => Uint8Array
  /** XEdDSA, 64 bytes: deterministic for a pair with its seed, randomised otherwise. */
  readonly sign: (pair: KeyPair, message: Uint8Array) => Uint8Array
  /** XEdDSA by the private key and 64 bytes in place of the random ones, for known answers. */
  readonly signWith: (privateKey: Uint8Array, message: Uint8Array, random: Uint8Array) => Uint8Array
  /** XEdDSA; false for anything that does not verify, unusable keys included. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  /** What `verify` does first for a key it does not know yet, for many keys at a fraction of the cost; changes no result. */
  readonly expectSigners: (publicKeys: readonly Uint8Array[]) => void
}
