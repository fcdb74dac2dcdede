import { expect, test } from 'vitest'
import { readSession, readState, setSession, setState, signInCookies } from './cookies.ts'

const SECRET = 'c2VjcmV0'
const cookies = signInCookies(false)
const request = (cookie: string) => new Request('https://keys.example', { headers: { cookie } })

test('a session of the version before is read, and none that another secret signed', async () => {
  // By `printf AbC123 | openssl dgst -sha256 -hmac c2VjcmV0 -binary | base64`.
  const signed = 'AbC123.nqEQAHNd5lv0oP5+ARXOu976TnFrV0t+El8vkMyPs6E='
  const cookie = `latchkey-session=${encodeURIComponent(signed)}`
  expect(await readSession(request(`theme=dark; ${cookie}`), cookies, SECRET)).toBe('AbC123')
  const set = await setSession(cookies, 'AbC123', { secret: SECRET, maxAge: 60 })
  expect(set).toBe(`${cookie}; Max-Age=60; Path=/; HttpOnly; SameSite=Strict`)
  expect(await readSession(request(cookie), cookies, 'another')).toBeUndefined()
  const forged = ['', 'AbC123', `x${signed}`, `${signed}x`, `AbC124.${signed.slice(7)}`]
  for (const value of forged) {
    const sent = request(`latchkey-session=${encodeURIComponent(value)}`)
    expect(await readSession(sent, cookies, SECRET)).toBeUndefined()
  }
})

test('the state is read among other cookies as it was set', () => {
  const secure = signInCookies(true)
  const set = setState(secure, 'a b;"=é', 60)
  expect(set).toMatch(
    /^__Host-latchkey-state=[\w%.]+; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const [pair = ''] = set.split(';', 1)
  expect(readState(request(`theme=dark; ${pair}; x=y`), secure)).toBe('a b;"=é')
  expect(readState(request('theme=dark'), secure)).toBeUndefined()
})
