import { get, type RequestOptions } from 'node:http'
import { get as getOverTls } from 'node:https'

/** Ends with 0 where the server of the same settings is up on this machine, else with 1. */
const isTls = Boolean(process.env['TLS_CERT_FILE'])
const options: RequestOptions = {
  host: '127.0.0.1',
  port: process.env['PORT'] || '4080',
  path: '/healthz',
  timeout: 2000,
}
// Its certificate is for the name that others know it by.
const request = isTls ? getOverTls({ ...options, rejectUnauthorized: false }) : get(options)
request.on('response', ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1))
request.on('error', () => process.exit(1))
request.on('timeout', () => process.exit(1))
