import { defineCatalog } from './operation.ts'

export const serverlessCatalog = defineCatalog({
  'Client Management': [
    ['GET', '/clients', ''],
    ['GET', '/clients/{clientid}', ''],
    ['DELETE', '/clients/{clientid}', ''],
    ['POST', '/clients/{clientid}/subscribe', ''],
    ['POST', '/clients/{clientid}/unsubscribe', ''],
    ['POST', '/clients/{clientid}/subscribe/bulk', ''],
    ['POST', '/clients/{clientid}/unsubscribe/bulk', ''],
  ],
  'Subscription Information': [
    ['GET', '/subscriptions', ''],
    ['GET', '/clients/{clientid}/subscriptions', ''],
  ],
  'Message Publishing': [
    ['POST', '/publish', ''],
    ['POST', '/publish/bulk', ''],
  ],
})
