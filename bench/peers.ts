import { existsSync, readFileSync } from 'node:fs'

/** A logger that says nothing, as Baileys wants one. */
export interface SilentLogger {
  readonly level: string
  readonly child: () => SilentLogger
  readonly trace: () => void
  readonly debug: () => void
  readonly info: () => void
  readonly warn: () => void
  readonly error: () => void
}

/** What is measured of Baileys. */
export interface BaileysPeer {
  readonly encodeBinaryNode: (node: unknown) => Uint8Array
  /** What `decodeBinaryNode` does once the flag byte is gone; synchronous, so its fastest form. */
  readonly decodeDecompressedBinaryNode: (node: Uint8Array, tables: object) => unknown
  /** The token tables that function is given. */
  readonly tables: object
  readonly aesDecryptGCM: (sealed: Uint8Array, key: Uint8Array, iv: Uint8Array, additional: Uint8Array) => Uint8Array
  readonly makeNoiseHandler: (options: {
    readonly keyPair: { readonly private: Uint8Array; readonly public: Uint8Array }
    readonly NOISE_HEADER: Uint8Array
    readonly logger: SilentLogger
  }) => {
    readonly finishInit: () => Promise<void>
    readonly encodeFrame: (plaintext: Uint8Array) => Uint8Array
  }
}

/** What is measured of the Rust core in WebAssembly. */
export interface RustPeer {
  readonly encodeNode: (node: unknown) => Uint8Array
}

/** The libraries to measure against; absent ones are skipped. */
export interface Peers {
  readonly baileys?: BaileysPeer
  readonly rust?: RustPeer
}

/** The packages of the interoperability tests. */
const INTEROP = new URL('../spec/interop/node_modules/', import.meta.url)

/** Loads the peers that are installed beside the interoperability tests; says which are not. */
export const loadPeers = async (packages: URL = INTEROP): Promise<Peers> => {
  const baileys = (await load(packages, 'baileys')) as Omit<BaileysPeer, 'tables'> | undefined
  const rust = (await load(packages, 'whatsapp-rust-bridge')) as RustPeer | undefined
  if (!baileys) return rust ? { rust } : {}
  const tables = (await import(new URL('baileys/lib/WABinary/constants.js', packages).href)) as object
  return { baileys: { ...baileys, tables }, ...(rust && { rust }) }
}

const load = async (packages: URL, name: string): Promise<unknown> => {
  const manifest = new URL(`${name}/package.json`, packages)
  if (!existsSync(manifest)) {
    console.log(`${name}: not installed, skipped (npm ci --prefix spec/interop)`)
    return undefined
  }
  // A package cannot be imported by name from outside the folder that has it installed.
  const { exports, main } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest
  return import(new URL(exports?.['.'].import ?? main ?? 'index.js', manifest).href)
}

interface Manifest {
  readonly exports?: { readonly '.': { readonly import: string } }
  readonly main?: string
}
