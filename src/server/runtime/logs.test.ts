import { expect, test } from 'vitest'
import { createLog } from './logs.ts'

function logged(level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = []
  const now = () => new Date('2026-11-23T12:00:00Z')
  return { lines, log: createLog(level, { write: (line) => lines.push(line), now }) }
}

test('a line is an object with the time, the level and the request it belongs to', () => {
  const { lines, log } = logged()
  log.within('r1', () => log.info('Request', { status: 200 }))
  log.debug('Call')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    {
      time: '2026-11-23T12:00:00.000Z',
      level: 'info',
      message: 'Request',
      requestId: 'r1',
      status: 200,
    },
    { time: '2026-11-23T12:00:00.000Z', level: 'debug', message: 'Call' },
  ])
})

test('what is below the level is left out', () => {
  const { lines, log } = logged('warn')
  log.info('Request')
  log.warn('Careful')
  expect(lines.join()).toMatch(/^[^\n]+Careful[^\n]+\n$/)
})

const SECRET = 'S3cretPartOfIt0123456789abcdefABCDEFxyz0'

test.each([
  ['an App Secret', `the key lks_${SECRET} is wrong`],
  ['an automation token', `Error: token "lkt_${SECRET}"`],
  ['Basic credentials', `sent Authorization: Basic ${SECRET}==`],
  ['Bearer credentials', `{"authorization":"Bearer ${SECRET}"}`],
  ['a scheme of another name', `authorization: 'Token ${SECRET}'`],
  ['a cookie', `Cookie: latchkey-session=${SECRET}.sig%3D; theme=dark`],
  ['a cookie that is set', `set-cookie=__Host-latchkey-session=${SECRET}; Path=/`],
  ['the password of a database', `connect postgres://latchkey:${SECRET}@db.example/latchkey`],
  ['the credentials of a URL', `GET https://admin:${SECRET}@emqx.example:18083/api/v5 failed`],
  ['a cookie of Latchkey’s by itself', `got latchkey-state=${SECRET} back`],
])('takes out what looks like %s, wherever it stands', (_, text) => {
  const { lines, log } = logged()
  log.error(text, new Error(text, { cause: text }), { path: text })
  log.info(text)
  expect(lines.join('')).not.toContain(SECRET)
  expect(lines.join('')).toContain('[secret]')
  expect(lines.map((line): unknown => JSON.parse(line))).toHaveLength(2)
})

test('members of an error stay out', () => {
  const { lines, log } = logged()
  log.error('Failed', Object.assign(new Error('broken'), { headers: { token: SECRET } }))
  expect(lines.join('')).toContain('Error: broken')
  expect(lines.join('')).not.toContain(SECRET)
})

test.each(['authorization', 'cookie', 'password', 'secret', 'appSecret', 'token'])(
  'redacts the field %s',
  (field) => {
    const { lines, log } = logged()
    log.info('Request', { [field]: 'whatever it is' })
    expect(lines.join('')).toContain(`"${field}":"[secret]"`)
  },
)

test('what is no secret is left as it is', () => {
  const { lines, log } = logged()
  log.info('A basic check of cookies', { path: '/api/v1/tokens/lkt', appId: 'k0123456789a' })
  expect(lines.join('')).not.toContain('[secret]')
})
