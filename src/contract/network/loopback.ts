const LOOPBACK_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/

/** Whether a host name or address is a loopback one. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_NAME.test(host)
}
