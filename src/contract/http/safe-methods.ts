const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Whether a method is safe, so read-only (RFC 9110 section 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method)
}
