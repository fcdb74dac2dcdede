import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePath, type ParsedPath, type PathProblem } from './path.ts'
import { climbs, parameterValue, writingOf } from './testing.ts'

const ok = (...segments: string[]): ParsedPath => ({ ok: true, segments })
const refused = (problem: PathProblem): ParsedPath => ({ ok: false, problem })

describe('what a path means', () => {
  it.each<[rawPath: string, segments: string[]]>([
    ['/clients', ['clients']],
    ['/clients/sensor-7', ['clients', 'sensor-7']],
    ['/clients/a%2Fb', ['clients', 'a/b']],
    ['/clients/a%2fb%2F', ['clients', 'a/b/']],
    ['/clients/%2Fa%2F%2Fb', ['clients', '/a//b']],
    [
      '/authentication/password_based%3Abuilt_in_database',
      ['authentication', 'password_based:built_in_database'],
    ],
    [
      '/authentication/password_based:built_in_database',
      ['authentication', 'password_based:built_in_database'],
    ],
    ['/acl/$all', ['acl', '$all']],
    ['/acl/%24all', ['acl', '$all']],
    ['/%63lients', ['clients']],
    ['/clients/100%25', ['clients', '100%']],
    ['/clients/a%252Fb', ['clients', 'a%2Fb']],
    ['/clients/a+b', ['clients', 'a+b']],
    ['/clients/a%20b', ['clients', 'a b']],
    ['/clients/a%3Fb%23c', ['clients', 'a?b#c']],
    ['/clients/a;v=1', ['clients', 'a;v=1']],
    ['/clients/a|b[0]{x}^', ['clients', 'a|b[0]{x}^']],
    ['/clients/gr%C3%BC%C3%9Fe', ['clients', 'grüße']],
    ['/clients/%F0%9F%8C%A1', ['clients', '🌡']],
    ['/clients/%EF%BB%BFx', ['clients', '\uFEFFx']],
    ['/clients/__proto__', ['clients', '__proto__']],
    ['/clients/1.0', ['clients', '1.0']],
    ['/clients/...', ['clients', '...']],
    ['/clients/.hidden', ['clients', '.hidden']],
    ['/clients/a..', ['clients', 'a..']],
    ['/mqtt/retainer/message/a%2F.b%2Fc..', ['mqtt', 'retainer', 'message', 'a/.b/c..']],
  ])('%s', (rawPath, segments) => {
    expect(parsePath(rawPath)).toEqual(ok(...segments))
  })
})

describe('what is refused', () => {
  it.each<[problem: PathProblem, rawPaths: string[]]>([
    ['not absolute', ['', 'clients', '*', 'http://host/clients', '%2Fclients', '.', '..']],
    ['empty segment', ['/', '//', '/clients/', '//clients', '/clients//a', '/clients/a//']],
    [
      'dot segment',
      [
        '/.',
        '/..',
        '/clients/.',
        '/clients/../api_key',
        '/../api_key',
        '/clients/%2e',
        '/clients/%2E%2e/api_key',
        '/clients/.%2e/api_key',
        '/clients/%2e./api_key',
        '/clients/a%2F..%2Fb',
        '/clients/a%2F%2E%2E%2Fb',
        '/clients/..%2Fapi_key',
        '/clients/a%2F..',
        '/clients/a%2F.%2Fb',
        '/clients/%2F..',
        // Dots that appear when a second reader decodes again.
        '/clients/%252e%252e/api_key',
        '/clients/%25252E%25252E/api_key',
        '/clients/.%252e/api_key',
        '/clients/%252e%252e%252fapi_key',
        '/clients/a%2F%252e%252e%2Fb',
        '/clients/x%252f..%252fapi_key',
        '/clients/x%255c..%255capi_key',
        '/clients/%25%32%65%25%32%65/api_key',
        // Servers that know path parameters cut them off before they climb.
        '/clients/..;/api_key',
        '/clients/..;a=b/api_key',
        '/clients/..%3B/api_key',
        '/clients/..%253b/api_key',
        '/clients/.;/a',
      ],
    ],
    [
      'control character',
      [
        '/clients/\u0000',
        '/clients/%00',
        '/clients/a%00b',
        '/clients/a%0d%0aX-Admin:1',
        '/clients/a\r\nb',
        '/clients/a%09b',
        '/clients/a\tb',
        '/clients/%1F',
        '/clients/%7f',
        '/clients/\u007f',
      ],
    ],
    [
      'backslash',
      ['/clients/a\\b', '/\\clients', '/clients/a%5Cb', '/clients/%5c', '/clients\\..\\x'],
    ],
    [
      'bad percent-encoding',
      [
        '/clients/%',
        '/clients/a%2',
        '/clients/%zz',
        '/clients/%2g',
        '/clients/%%32%65',
        '/clients/%u002e%u002e',
        '/clients/%+2',
        '/clients/%-1',
        '/clients/% 2',
        // What has to come percent-encoded and didn't.
        '/clients/a b',
        '/clients?page=1',
        '/clients/a#b',
        '/clients/grüße',
        '/clients/\u00e9',
        '/clients/\uff0e\uff0e',
        '/clients/\u2215',
        '/clients/🌡',
        '/clients/\ud800',
      ],
    ],
    [
      'bad UTF-8',
      [
        '/clients/%ff',
        '/clients/%80',
        '/clients/%C3',
        '/clients/%C3x',
        '/clients/%c0%ae%c0%ae/api_key',
        '/clients/%c0%af',
        '/clients/%c0%80',
        '/clients/%e0%80%ae',
        '/clients/%f0%80%80%ae',
        '/clients/%ed%a0%80',
        '/clients/%ed%a0%bd%ed%b8%80',
        '/clients/%f4%90%80%80',
        '/clients/%f8%88%80%80%80',
        '/clients/%C3%2E%2E',
      ],
    ],
  ])('%s', (problem, rawPaths) => {
    for (const rawPath of rawPaths) {
      expect({ rawPath, parsed: parsePath(rawPath) }).toEqual({ rawPath, parsed: refused(problem) })
    }
  })

  it('every control character, raw and encoded', () => {
    for (const code of [...Array(32).keys(), 127]) {
      const encoded = `%${code.toString(16).padStart(2, '0')}`
      expect(parsePath(`/clients/a${String.fromCharCode(code)}b`)).toMatchObject({ ok: false })
      expect(parsePath(`/clients/a${encoded}b`)).toEqual(refused('control character'))
    }
  })

  it('every character outside ASCII that is not encoded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x80, max: 0xffff }), (code) => {
        expect(parsePath(`/clients/a${String.fromCharCode(code)}`)).toMatchObject({ ok: false })
      }),
    )
  })

  it('a bad path leaves nothing behind for the next one', () => {
    expect(parsePath('/clients/%C3')).toEqual(refused('bad UTF-8'))
    expect(parsePath('/clients/%BC')).toEqual(refused('bad UTF-8'))
    expect(parsePath('/clients/%C3%BC')).toEqual(ok('clients', 'ü'))
  })

  it('long and repetitive paths in a time that grows with their length alone', () => {
    const hostile = ['%25', '/a', '.', '%2e', '%252f', ';', '%C3%BC', '..;', 'a%2F']
    for (const part of hostile) {
      expect(parsePath(`/${part.repeat(20_000)}\n`)).toMatchObject({ ok: false })
    }
  })
})

/** The rules once more, spelled out byte by byte with no regard for speed. */
function slowly(rawPath: string): string[] | undefined {
  if (rawPath[0] !== '/') return undefined
  const values = rawPath.slice(1).split('/').map(decodeOnce)
  const isAccepted = (value: string | undefined) =>
    value !== undefined &&
    value !== '' &&
    !value.includes('\\') &&
    ![...value].some((one) => one < ' ' || one === '\u007f') &&
    !climbs(value)
  return values.every(isAccepted) ? values.map(String) : undefined
}

function decodeOnce(raw: string): string | undefined {
  const bytes: number[] = []
  for (let at = 0; at < raw.length; at += 1) {
    const code = raw.charCodeAt(at)
    if (raw[at] === '%') {
      const hex = raw.slice(at + 1, at + 3)
      if (!/^[0-9a-f]{2}$/i.test(hex)) return undefined
      bytes.push(Number.parseInt(hex, 16))
      at += 2
    } else if (code <= 32 || code > 126 || '#?'.includes(raw[at] ?? '')) {
      return undefined
    } else {
      bytes.push(code)
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes))
  } catch {
    return undefined
  }
}

const hostilePath = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'/.%;a2eEfF5cC'),
      fc.constantFrom(
        '%2e',
        '%2F',
        '%5c',
        '%25',
        '%3b',
        '%00',
        '..',
        '/',
        '/',
        '\\',
        '%c0%ae',
        'ü',
      ),
      fc.string({ unit: 'binary', maxLength: 2 }),
      fc.integer({ min: 0, max: 255 }).map((byte) => `%${byte.toString(16).padStart(2, '0')}`),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join('')}`)

describe('any path', () => {
  it('is read as a byte-by-byte reading of the rules has it', () => {
    fc.assert(
      fc.property(hostilePath, (rawPath) => {
        const parsed = parsePath(rawPath)
        expect(parsed.ok ? parsed.segments : undefined).toEqual(slowly(rawPath))
      }),
      { numRuns: 5_000 },
    )
  })

  it('gives back the segments it was written from, however they were encoded', () => {
    const written = fc
      .array(parameterValue, { minLength: 1, maxLength: 5 })
      .chain((values) =>
        fc.tuple(fc.constant(values), fc.tuple(...values.map((value) => writingOf(value)))),
      )
    fc.assert(
      fc.property(written, ([values, raws]) => {
        expect(parsePath(`/${raws.join('/')}`)).toEqual(ok(...values))
      }),
      { numRuns: 1_000 },
    )
  })

  it('that is accepted leads nowhere else for other readers', () => {
    fc.assert(
      fc.property(hostilePath, (rawPath) => {
        const parsed = parsePath(rawPath)
        fc.pre(parsed.ok)
        const { segments } = parsed
        // A URL parser (WHATWG), as in browsers and proxies written in JavaScript.
        const { pathname, search, hash } = new URL(`http://host${rawPath}`)
        expect(pathname.slice(1).split('/').map(decodeURIComponent)).toEqual(segments)
        expect(search + hash).toBe('')
        // EMQX's HTTP server: decodes each segment, then takes out dots.
        expect(segments.filter((one) => one !== '.' && one !== '..')).toEqual(segments)
        // A proxy that decodes all and then normalises: never climbs.
        const flat = `/${segments.join('/')}`
        expect(posix.normalize(flat)).toBe(flat.replace(/\/+/g, '/'))
      }),
      { numRuns: 5_000 },
    )
  })
})
