import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('has a default for everything', () => {
  const defaults = {
    port: 4080,
    host: '127.0.0.1',
    dataDir: './data',
    samples: true,
    mqttPort: null,
    publicUrl: null,
    logLevel: 'info',
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
      SAMPLES: 'off',
      MQTT_PORT: '0',
      PUBLIC_URL: 'https://keys.example/',
      LOG_LEVEL: 'debug',
    }),
  ).toEqual({
    port: 0,
    host: '::1',
    dataDir: '/var/lib/latchkey',
    samples: false,
    mqttPort: 0,
    publicUrl: 'https://keys.example',
    logLevel: 'debug',
  })
})

test.each([
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['PORT', '65536'],
  ['PORT', '40.5'],
  ['PORT', ' '],
  ['MQTT_PORT', 'mqtt'],
  ['HOST', '0.0.0.0'],
  ['HOST', '192.168.1.5'],
  ['HOST', '::'],
  ['HOST', 'latchkey.example'],
  ['HOST', '127.0.0.1.example'],
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

test('says why only a loopback address is taken', () => {
  expect(() => readConfig({ HOST: '0.0.0.0' })).toThrow(/no sign-in yet/)
})
