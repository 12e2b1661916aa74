import { COMMANDS, type Command } from './commands.ts'
import { usageOf } from './read-line.ts'

const INDENT = ' '.repeat(28)

const lineOf = ([name, command]: readonly [string, Command]): string => `  ${usageOf(name, command).padEnd(INDENT.length - 2)}${command.help.replaceAll('\n', `\n${INDENT}`)}`

/** What `--help` and `help` print. */
export const HELP = `rxwa simulator [options]

Starts a server of the protocol on this machine, with simulated phones. Clients of any make
connect to its address, trusting its root key.

  --port N          port to listen on, 0 to 65535; 0 (default) picks a free one
  --host ADDRESS    address to listen on; default 127.0.0.1, 0.0.0.0 for all of this machine's
  --host-name NAME  how clients call this machine, when that is not its address
  --tls-cert FILE, --tls-key FILE
                    speak TLS with this certificate, for clients that speak nothing else
  --phones N        simulated phones at the start, 1 to 1000; default 2
  --name NAME       name of a phone; repeat it for the next ones
  --strict          refuse what no published client would send, instead of only reporting it
  --faults-seed N   break things by chance; the same number breaks the same things
  --json            print one JSON object a line
  --verbose         print all stanzas, with redacted addresses
  --version, --help

While it runs it reads commands, one a line:

${Object.entries(COMMANDS).map(lineOf).join('\n')}
  help, quit

The same as JSON, with the words in small letters as names: {"command":"send","from":"1","to":"2","text":"hello"}
A phone is named by its digits, its name, its LID, or its place in the list, from 1.
Ends on quit, SIGINT or SIGTERM. Exit codes: 0 ended, 1 could not start, 2 wrong options.`
