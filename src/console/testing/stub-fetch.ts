import { beforeEach, vi, type Mock } from 'vitest'

type FieldError = { field: string; detail: string }

/** The management API as a test plays it: a stubbed `fetch`, and answers queued for its calls. */
export type StubbedFetch = {
  /** The `fetch` itself, to look at its calls. */
  send: Mock<(url: string, init: RequestInit) => Promise<Response>>
  /** Queues an answer; an empty one without a body. */
  answer: (status: number, body?: unknown) => void
  /** Queues problem details (RFC 9457). */
  refuse: (status: number, detail: string, errors?: readonly FieldError[]) => void
}

/** Stubs `fetch` in every test of a file. */
export function stubFetch(): StubbedFetch {
  const send = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
  beforeEach(() => {
    send.mockReset()
    vi.stubGlobal('fetch', send)
  })

  function answer(status: number, body?: unknown): void {
    send.mockResolvedValueOnce(
      body === undefined ? new Response(null, { status }) : Response.json(body, { status }),
    )
  }

  return {
    send,
    answer,
    refuse: (status, detail, errors) => answer(status, problem(status, detail, errors)),
  }
}

/** Problem details (RFC 9457) as the management API sends them. */
export function problem(status: number, detail: string, errors?: readonly FieldError[]) {
  return { type: 'about:blank', title: 'No', status, detail, ...(errors && { errors }) }
}
