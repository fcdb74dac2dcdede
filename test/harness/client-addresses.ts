/**
 * Gives another client's address each time, for calls behind a trusted proxy: wrong credentials
 * from one address alone would be rate-limited.
 */
export function clientAddresses(): () => string {
  let clients = 0
  return () => {
    clients += 1
    return `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`
  }
}
