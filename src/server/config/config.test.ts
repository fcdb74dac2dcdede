import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Secret } from '../../contract/secret.ts'
import { readConfig } from './config.ts'

test('has a default for everything', () => {
  const defaults = {
    port: 4080,
    host: '127.0.0.1',
    dataDir: './data',
    databaseUrl: null,
    encryptionKeyFile: 'data/encryption.key',
    samples: true,
    mqttPort: null,
    publicUrl: null,
    tls: null,
    trustedProxies: [],
    adminPassword: null,
    openId: null,
    logLevel: 'info',
    deprecations: [],
  }
  expect(readConfig({})).toEqual(defaults)
  expect(readConfig({ PORT: '', HOST: '', MQTT_PORT: '', PUBLIC_URL: '' })).toEqual(defaults)
  expect(readConfig({ HOME: '/root', PORTS: 'x' })).toEqual(defaults)
})

test('takes what is set', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '[::1]',
      DATA_DIR: '/var/lib/latchkey',
      DATABASE_URL: 'postgres://latchkey:database-s3cret@db.example:5432/latchkey',
      ENCRYPTION_KEY_FILE: '/run/secrets/encryption-key',
      SAMPLES: 'off',
      MQTT_PORT: '0',
      PUBLIC_URL: 'https://keys.example/',
      TLS_CERT_FILE: '/etc/cert.pem',
      TLS_KEY_FILE: '/etc/key.pem',
      TRUSTED_PROXIES: '10.0.0.5, fd00::/8',
      ADMIN_PASSWORD: 'correct horse battery',
      OPENID_ISSUER: 'https://login.example/realms/plant',
      OPENID_CLIENT_ID: 'latchkey',
      OPENID_CLIENT_SECRET: 'client-s3cret',
      LOG_LEVEL: 'debug',
    }),
  ).toEqual({
    port: 0,
    host: '::1',
    dataDir: '/var/lib/latchkey',
    databaseUrl: new Secret('postgres://latchkey:database-s3cret@db.example:5432/latchkey'),
    encryptionKeyFile: '/run/secrets/encryption-key',
    samples: false,
    mqttPort: 0,
    publicUrl: 'https://keys.example',
    tls: { certFile: '/etc/cert.pem', keyFile: '/etc/key.pem' },
    trustedProxies: ['10.0.0.5', 'fd00::/8'],
    adminPassword: new Secret('correct horse battery'),
    openId: {
      issuer: 'https://login.example/realms/plant',
      clientId: 'latchkey',
      clientSecret: new Secret('client-s3cret'),
      name: 'OpenID Connect',
    },
    logLevel: 'debug',
    deprecations: [],
  })
})

test('takes the encryption key’s file by its former name, and says the new one', () => {
  const former = { SEALING_KEY_FILE: '/run/secrets/key' }
  const config = readConfig(former)
  expect(config.encryptionKeyFile).toBe('/run/secrets/key')
  expect(config.deprecations).toEqual(['SEALING_KEY_FILE is now called ENCRYPTION_KEY_FILE'])
  const same = readConfig({ ...former, ENCRYPTION_KEY_FILE: '/run/secrets/key' })
  expect(same.encryptionKeyFile).toBe('/run/secrets/key')
  expect(() => readConfig({ ...former, ENCRYPTION_KEY_FILE: '/other' })).toThrow(
    /^SEALING_KEY_FILE is the former name of ENCRYPTION_KEY_FILE, and they differ\. Leave it out\.$/,
  )
})

test.each(['0.0.0.0', '::', '192.168.1.5', 'localhost', 'keys.example'])(
  'listens at %s',
  (HOST) => {
    expect(readConfig({ HOST }).host).toBe(HOST)
  },
)

test('the secrets in it show themselves to nobody who prints it', () => {
  const config = readConfig({
    ADMIN_PASSWORD: 'correct horse battery',
    DATABASE_URL: 'postgres://latchkey:database-s3cret@db.example/latchkey',
    PUBLIC_URL: 'https://keys.example',
    OPENID_ISSUER: 'https://login.example',
    OPENID_CLIENT_ID: 'latchkey',
    OPENID_CLIENT_SECRET: 'client-s3cret',
  })
  const { adminPassword } = config
  const printed = [inspect(config, { depth: 9, showHidden: true }), JSON.stringify(config)]
  printed.push(`${String(adminPassword)} ${format('%s %o %j', adminPassword, config, config)}`)
  expect(printed.join()).toContain('[secret]')
  expect(printed.join()).not.toMatch(/battery|s3cret/)
  expect(adminPassword?.reveal()).toBe('correct horse battery')
})

test.each([
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '40.5'],
  ['PORT', ' '],
  ['MQTT_PORT', 'mqtt'],
  ['HOST', '127.0.0.1:80'],
  ['HOST', '300.1.1.1'],
  ['HOST', 'http://keys.example'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['TRUSTED_PROXIES', '10.0.0.1,'],
  ['TRUSTED_PROXIES', 'proxy.example'],
  ['OPENID_ISSUER', 'http://login.example'],
  ['OPENID_ISSUER', 'login.example'],
  ['OPENID_ISSUER', 'https://login.example/?realm=plant'],
  ['SAMPLES', 'yes'],
  ['LOG_LEVEL', 'trace'],
  ['PUBLIC_URL', 'keys.example'],
  ['PUBLIC_URL', 'ftp://keys.example'],
  ['PUBLIC_URL', 'https://keys.example/path'],
  ['PUBLIC_URL', 'https://keys.example/?'],
  ['PUBLIC_URL', 'https://user@keys.example'],
])('refuses %s=%s in one line that names it', (name, value) => {
  const message = new RegExp(
    `^${name} can't be ${JSON.stringify(value).replaceAll(/[?.]/g, '\\$&')}. .+$`,
  )
  expect(() => readConfig({ [name]: value })).toThrow(message)
})

test('refuses a password that is too short, without repeating it', () => {
  expect(() => readConfig({ ADMIN_PASSWORD: 'short-s3cret' })).not.toThrow()
  expect(() => readConfig({ ADMIN_PASSWORD: 'too-s3cret!' })).toThrow(
    /^ADMIN_PASSWORD can't be what it is set to\. Use at least 12 characters\.$/,
  )
})

test.each(['mysql://root:s3cret@db/x', 'postgres://latchkey:s3cret@db', 'db.example s3cret'])(
  'refuses %s as a database, without repeating it',
  (DATABASE_URL) => {
    expect(() => readConfig({ DATABASE_URL })).toThrow(
      /^DATABASE_URL can't be what it is set to\. Give the address of a PostgreSQL database, such as \S+\.$/,
    )
  },
)

const OPENID = {
  PUBLIC_URL: 'https://keys.example',
  OPENID_ISSUER: 'https://login.example',
  OPENID_CLIENT_ID: 'latchkey',
  OPENID_CLIENT_SECRET: 'client-s3cret',
}

test.each([
  ['TLS_KEY_FILE', { TLS_CERT_FILE: 'cert.pem' }],
  ['TLS_CERT_FILE', { TLS_KEY_FILE: 'key.pem' }],
  ['PUBLIC_URL', { ...OPENID, PUBLIC_URL: '' }],
  ['OPENID_ISSUER', { ...OPENID, OPENID_ISSUER: '' }],
  ['OPENID_CLIENT_ID', { ...OPENID, OPENID_CLIENT_ID: '' }],
  ['OPENID_CLIENT_SECRET', { ...OPENID, OPENID_CLIENT_SECRET: '' }],
])('asks for %s where only its companions are set', (name, environment) => {
  expect(() => readConfig(environment)).toThrow(
    new RegExp(`^${name} is missing\\. .+ takes .+\\.$`),
  )
})
