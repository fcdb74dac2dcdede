import { generateKeyPairSync, sign } from 'node:crypto'

/** A new certificate for `localhost`, signed by itself, and its key, both in PEM. */
export function newCertificate(): { cert: string; key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // X.509 (RFC 5280), version 3, by ECDSA with SHA-256.
  const algorithm = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const name = sequence(tagged(0x31, sequence(oid(0x55, 0x04, 0x03), utf8('localhost'))))
  const hostNames = tagged(0x04, sequence(tagged(0x82, Buffer.from('localhost'))))
  const content = sequence(
    tagged(0xa0, integer(2)),
    integer(1),
    algorithm,
    name,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(oid(0x55, 0x1d, 0x11), hostNames))),
  )
  const signature = sign('sha256', content, privateKey)
  const bits = tagged(0x03, Buffer.from([0]), signature)
  const body = sequence(content, algorithm, bits).toString('base64')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${body.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

/** A value of ASN.1 in DER (ITU-T X.690). */
function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const { length } = Buffer.concat(parts)
  const size = length < 128 ? [length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), ...parts])
}

const sequence = (...parts: Buffer[]) => tagged(0x30, ...parts)
const integer = (value: number) => tagged(0x02, Buffer.from([value]))
const oid = (...bytes: number[]) => tagged(0x06, Buffer.from(bytes))
const utf8 = (text: string) => tagged(0x0c, Buffer.from(text))
const utcTime = (text: string) => tagged(0x17, Buffer.from(text))
