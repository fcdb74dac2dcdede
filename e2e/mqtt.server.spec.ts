import { expect } from '@playwright/test'
import { connectAsync } from 'mqtt'
import { basicAuthorization } from '../src/contract/keys/credentials.ts'
import { test } from './support/fixtures.ts'
import { createKey, deleteKey, openDeployment } from './support/keys.ts'

test('A key for listing and publishing does just that to a connected client', async ({
  page,
  request,
}) => {
  await openDeployment(page, 'plant-telemetry')
  const key = await createKey(page, {
    note: 'Line 3 publisher',
    operations: ['GET /clients', 'POST /publish'],
  })
  const base = (await page.getByLabel('API base URL', { exact: true }).textContent()) ?? ''
  const copyAddress = page.getByRole('button', { name: /^Copy mqtt:/ })
  const address = (await copyAddress.getAttribute('aria-label'))?.replace('Copy ', '') ?? ''
  const client = await connectAsync(address, { clientId: 'line-3-panel' })
  try {
    await client.subscribeAsync('line/3')
    const headers = {
      authorization: basicAuthorization(key.appId, key.appSecret),
    }

    const listed = await request.get(`${base}/clients`, { headers })
    expect(listed.status()).toBe(200)
    expect(await listed.json()).toMatchObject({ data: [{ clientid: 'line-3-panel' }] })

    const arrival = new Promise((resolve) => {
      client.once('message', (topic, payload) => resolve([topic, String(payload)]))
    })
    const data = { topic: 'line/3', payload: 'start' }
    expect((await request.post(`${base}/publish`, { headers, data })).status()).toBe(200)
    expect(await arrival).toEqual(['line/3', 'start'])

    const kick = await request.delete(`${base}/clients/line-3-panel`, { headers })
    expect(kick.status()).toBe(403)
    expect(await kick.json()).toMatchObject({ required: 'DELETE /clients/{clientid}' })
    expect(client.connected).toBe(true)

    await deleteKey(page, key.appId)
    expect((await request.get(`${base}/clients`, { headers })).status()).toBe(401)
  } finally {
    await client.endAsync()
  }
})
