/**
 * What can be wrong with a call. Each API version has a status and a code of its own for it.
 *
 * - `query`: a query parameter; `missing`: a member that the body must have; `body`: anything
 *   else about the body; `topic`: a topic or topic filter
 * - `noClient`, `noNode`: named in the call, but not there
 */
export type FaultKind =
  | 'query'
  | 'notJson'
  | 'missing'
  | 'body'
  | 'topic'
  | 'tooLarge'
  | 'noClient'
  | 'noNode'
  | 'notOffered'

/** Thrown by handlers; answered in the form of the API version. The message is for people. */
export class ApiFault extends Error {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string) {
    super(message)
    this.name = 'ApiFault'
    this.kind = kind
  }
}

export function clientNotFound(clientId: string): ApiFault {
  return new ApiFault('noClient', `There is no client with the ID "${clientId}".`)
}

export function notOffered(operationId: string): ApiFault {
  return new ApiFault(
    'notOffered',
    `The embedded broker doesn't offer ${operationId}. Connect the deployment to an EMQX to call it.`,
  )
}
