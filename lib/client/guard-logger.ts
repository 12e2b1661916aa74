import { of } from 'rxjs'

import type { LogFunction, Logger } from './logger.ts'

/**
 * A logger that is called as the object it is, for many need their `this`, and whose failures cost nobody a
 * message: they are reported as those of any subscriber are.
 */
export const guardLogger = (logger: Logger): Logger => {
  const guarded =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error'): LogFunction =>
    (fields, message) =>
      void of(undefined).subscribe(() => logger[level](fields, message))
  return {
    trace: guarded('trace'),
    debug: guarded('debug'),
    info: guarded('info'),
    warn: guarded('warn'),
    error: guarded('error'),
    isLevelEnabled: (level) => logger.isLevelEnabled?.(level) ?? false,
  }
}
