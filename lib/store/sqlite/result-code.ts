/** Result codes of SQLite that mean something to us, by their name and number (sqlite.org/rescode.html). */
const CODES = {
  busy: ['SQLITE_BUSY', 5],
  not_a_database: ['SQLITE_NOTADB', 26],
  unfinished_transaction: ['SQLITE_READONLY_ROLLBACK', 776],
} as const

/** Whether a library reports one of these; each shows the code under another name. */
export const isResult = (error: unknown, result: keyof typeof CODES): boolean => {
  const [name, number] = CODES[result]
  const { code, errcode, errno } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>
  return code === name || errcode === number || errno === number
}
