import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'

const project = fileURLToPath(new URL('../../', import.meta.url))
const examples = readdirSync(new URL('../../examples/', import.meta.url)).filter((name) => name.endsWith('.ts'))

const run = (name: string): Promise<{ readonly code: number | null; readonly output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=rxwa-source', '--import', 'tsx', `examples/${name}`], { cwd: project, env: { ...process.env, NODE_OPTIONS: '' } })
    let output = ''
    child.stdout.on('data', (chunk) => (output += String(chunk)))
    child.stderr.on('data', (chunk) => (output += String(chunk)))
    child.on('close', (code) => resolve({ code, output }))
  })

/** What each program says when it did its job. */
const signs: Readonly<Record<string, RegExp>> = {
  'echo-bot.ts': /messages received {2}38[\s\S]*answers sent {7}38/,
  'pair-by-code.ts': /type [1-9A-Z]{4}-[1-9A-Z]{4} on the phone[\s\S]*linked as 15550100001:1@s/,
  'watch-a-send.ts': /queued\nencrypted\nsent\naccepted\n[\s\S]*read\n[\s\S]*accepted at/,
  'test-a-bot.ts': /the bot answered ping with pong/,
  'replay-a-report.ts': /^(\d+@lid) 1\n(\d+@lid) 1\n\1 2\n/m,
  'marble-test.ts': /the diagram holds/,
  'behind-a-proxy.ts': /linked as 15550100001:1@s.whatsapp.net, through 2 tunnels/,
  'survive-a-restart.ts': /second process: two, again\nsecond process: three\nBen got one! two! three!/,
  'keep-it-safe.ts': /linked as 15550100001:1@s\.whatsapp\.net\nbacked up \d+ bytes\nstill linked as 15550100001:1@s/,
  'break-the-line.ts': /20 messages, each once and in order, in spite of \d+ faults/,
  'why-was-it-not-read.ts': /not_decrypted [\s\S]*read after all: broken on the way[\s\S]*\nno_content, phone_asked, phone_answered, read\n/,
  'tidy-the-chats.ts': /muted: true, as it was\narchived: true\nthe phone says: archived true\nmuted: false\n/,
  'inbox.ts': /Ben \(1\): Do you have the blue teapot\? · Cleo \(1\)[\s\S]*found "Do you have the blue teapot\?" in the chat with Ben[\s\S]*delivered to 1 person; unread now: 1/,
  'command-bot.ts': /the bot is typing[\s\S]*answer: \/add 1 2 3 adds numbers\nanswer: 6/,
  'bounded-channel.ts': /message 8\nmessage 9\nmessage 10\n7 dropped/,
  'accounts-in-postgres.ts': /Ben got: hello from the same database\na second process for Ana: store_in_use\n|^set RXWA_POSTGRES_URL/,
  'webhook.ts': /got one\ngot two\n3 calls for 2 messages/,
  'raw-stanzas.ts': /<success[\s\S]*<presence/,
}

describe('examples', () => {
  it('are all checked', () => expect(Object.keys(signs).sort()).toEqual([...examples].sort()))

  it.each(examples)('%s runs and does its job', async (name) => {
    const { code, output } = await run(name)
    expect(output).toMatch(signs[name]!)
    expect(code).toBe(0)
  }, 60_000)
})
