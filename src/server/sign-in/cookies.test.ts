import { expect, test } from 'vitest'
import { readCookie, setCookie, sign, signInCookies, verifySigned } from './cookies.ts'

const SECRET = 'c2VjcmV0'
// From the version before, by `printf TOKEN | openssl dgst -sha256 -hmac c2VjcmV0 -binary | base64`.
const SIGNED = 'AbC123.nqEQAHNd5lv0oP5+ARXOu976TnFrV0t+El8vkMyPs6E='

test('a signed value is verified by its secret only', () => {
  const signed = sign('AbC123', SECRET)
  expect(signed).toBe(SIGNED)
  expect(verifySigned(signed, SECRET)).toBe('AbC123')
  const forged = ['', undefined, 'AbC123', `x${signed}`, `${signed}x`, 'AbC124.' + signed.slice(7)]
  expect(forged.map((text) => verifySigned(text, SECRET))).toEqual(forged.map(() => undefined))
  expect(verifySigned(signed, 'another')).toBeUndefined()
})

test('a cookie is read among others as it was set', () => {
  const cookies = signInCookies(true)
  const set = setCookie(cookies, cookies.state, { value: 'a b;"=é', maxAge: 60, sameSite: 'Lax' })
  expect(set).toMatch(
    /^__Host-latchkey-state=[\w%.]+; Max-Age=60; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  const request = (cookie: string) => new Request('https://keys.example', { headers: { cookie } })
  const [pair = ''] = set.split(';', 1)
  expect(readCookie(request(`theme=dark; ${pair}; x=y`), cookies.state)).toBe('a b;"=é')
  expect(readCookie(request(`${cookies.state}=%`), cookies.state)).toBeUndefined()
  expect(readCookie(request('theme=dark'), cookies.state)).toBeUndefined()
})
