// Writes lib/app-state/actions.generated.ts: the actions of the app state, in the form that lib/app-state/actions.ts
// reads. Run it when the published data changes:
//   node scripts/write-actions.mjs FILE     where FILE is app-state.json
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { project } from './steps.mjs'

const file = process.argv[2]
if (!file) {
  process.stderr.write('usage: node scripts/write-actions.mjs FILE\n')
  process.exit(2)
}
const { actions, waVersion } = JSON.parse(readFileSync(file, 'utf8'))

// The data leaves these open; they are what other clients write (protocol document 08, section 9).
const VERSIONS = {
  ctwaPerCustomerDataSharing: 1, ai_thread_delete: 7, thread_pin: 7, android_unsupported_actions: 4, archive: 3, bot_welcome_request: 2,
  business_broadcast_list: 1, call_log: 1, agentChatAssignment: 7, agentChatAssignmentOpenedStatus: 7, clearChat: 6, contact: 2,
  custom_payment_methods: 7, customer_data: 1, deleteChat: 6, deleteMessageForMe: 3, setting_disableLinkPreviews: 8, external_web_beta: 3,
  favoriteSticker: 7, favorites: 1, label_edit: 3, label_jid: 3, label_reordering: 3, label_sublist: 1, lid_contact: 1, lock: 7,
  markChatAsRead: 3, mute: 2, note_edit: 7, nux: 7, payment_tos: 7, pin_v1: 5, removeRecentSticker: 7, sentinel: 3, setting_pushName: 1,
  settings_sync: 1, star: 2, status_privacy: 7, userStatusMute: 7, setting_relayAllCalls: 1,
}

const row = ({ name, collection, version, valueField, indexParts }) => {
  const parts = indexParts.slice(1).map((part) => (part.type === 'string' ? part.name : `${part.name}:${part.type}`))
  return `  ${name}: { collection: '${collection}', version: ${version ?? VERSIONS[name]}, index: [${parts.map((part) => `'${part}'`).join(', ')}], ${valueField ? `field: '${valueField}'` : 'field: undefined'} },`
}

writeFileSync(
  join(project, 'lib/app-state/actions.generated.ts'),
  `// Written by scripts/write-actions.mjs from the published actions of WhatsApp Web ${waVersion}; do not edit.

/**
 * Every published action of the app state by the name its index begins with: where it lives, its version, what
 * follows its name in the index, and its field in \`SyncActionValue\`.
 */
export const actions = {
${Object.values(actions).map(row).sort().join('\n')}
} as const
`,
)
