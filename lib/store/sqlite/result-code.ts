/** Result codes of SQLite that mean something to us, by their name, number and text (sqlite.org/rescode.html). */
const CODES = {
  busy: ['SQLITE_BUSY', 5, 'database is locked'],
  not_a_database: ['SQLITE_NOTADB', 26, 'file is not a database'],
  unfinished_transaction: ['SQLITE_READONLY_ROLLBACK', 776, 'attempt to write a readonly database'],
} as const

/** Whether a library reports one of these; each shows the code under another name, that of Deno has only the text. */
export const isResult = (error: unknown, result: keyof typeof CODES): boolean => {
  const [name, number, text] = CODES[result]
  const { code, errcode, errno, message } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>
  return code === name || errcode === number || errno === number || (code === 'ERR_SQLITE_ERROR' && errcode === undefined && message === text)
}
