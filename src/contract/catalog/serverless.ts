import { defineCatalog } from './operation.ts'
import { risks } from './risks.ts'

export const serverlessCatalog = defineCatalog({
  'Client Management': [
    ['GET', '/clients', 'List clients'],
    ['GET', '/clients/{clientid}', 'Show a client'],
    ['DELETE', '/clients/{clientid}', 'Disconnect a client', risks.disconnect],
    ['POST', '/clients/{clientid}/subscribe', 'Subscribe a client to a topic', risks.subscribe],
    [
      'POST',
      '/clients/{clientid}/unsubscribe',
      'Unsubscribe a client from a topic',
      risks.unsubscribe,
    ],
    [
      'POST',
      '/clients/{clientid}/subscribe/bulk',
      'Subscribe a client to several topics',
      risks.subscribe,
    ],
    [
      'POST',
      '/clients/{clientid}/unsubscribe/bulk',
      'Unsubscribe a client from several topics',
      risks.unsubscribe,
    ],
  ],
  'Subscription Information': [
    ['GET', '/subscriptions', 'List subscriptions'],
    ['GET', '/clients/{clientid}/subscriptions', 'List subscriptions of a client'],
  ],
  'Message Publishing': [
    ['POST', '/publish', 'Publish a message', risks.publish],
    ['POST', '/publish/bulk', 'Publish several messages', risks.publish],
  ],
})
