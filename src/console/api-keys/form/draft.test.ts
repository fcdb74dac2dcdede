import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Access } from '../../../contract/access/access.ts'
import type { OperationId } from '../../../contract/catalog/operation.ts'
import { characters } from '../../../contract/http/limits.ts'
import { noteSchema } from '../../../contract/keys/schemas.ts'
import { toExpiry, typeExpiry } from '../../form/expiry.ts'
import { parseAddresses } from './addresses.ts'
import {
  draftAccess,
  confirmDisabledReason,
  changesSince,
  changeText,
  toDraft,
  emptyDraft,
  isDirty,
  mergeDraft,
  sameAccess,
  type EditableKey,
} from './draft.ts'

const ids: OperationId[] = ['GET /a', 'POST /a', 'GET /b', 'PUT /b/{id}', 'DELETE /b/{id}']
const access: fc.Arbitrary<Access> = fc.oneof(
  fc.constant<Access>({ mode: 'full' }),
  fc.subarray(ids, { minLength: 1 }).map((operations): Access => ({ mode: 'list', operations })),
)
const editable: fc.Arbitrary<EditableKey> = fc.record({
  note: fc.constantFrom('', 'one', 'two'),
  access,
  expiresAt: fc.constantFrom(null, '2027-02-24T13:00:00.000Z', '2020-01-01T00:00:00.500Z'),
  allowedAddresses: fc.subarray(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']),
})
const unlimited = { expiresAt: null, allowedAddresses: [] }
const list = (...operations: OperationId[]): Access => ({ mode: 'list', operations })

describe('changes', () => {
  it('are none for the key as it is', () => {
    fc.assert(
      fc.property(editable, (key) => {
        expect(changesSince(key, toDraft(key))).toEqual({})
        expect(changeText(key, toDraft(key))).toBe('')
        expect(isDirty(toDraft(key), toDraft(key))).toBe(false)
      }),
    )
  })

  it('applied to the base give the draft', () => {
    fc.assert(
      fc.property(editable, editable, (base, wanted) => {
        const { access = base.access, ...changes } = changesSince(base, toDraft(wanted))
        const { allowedAddresses = base.allowedAddresses } = changes
        const after = { ...base, access, ...changes }
        expect(after.note).toBe(wanted.note)
        expect(sameAccess(after.access, wanted.access)).toBe(true)
        expect(after.expiresAt).toBe(wanted.expiresAt)
        expect(allowedAddresses.toSorted()).toEqual(wanted.allowedAddresses.toSorted())
      }),
    )
  })

  it('send the note alone when only the note changed', () => {
    const base = { ...unlimited, note: 'old', access: list('GET /a') }
    expect(changesSince(base, { ...toDraft(base), note: ' new ' })).toEqual({ note: 'new' })
  })

  it('are told by added and removed', () => {
    const base = { ...unlimited, note: '', access: list('GET /a', 'POST /a') }
    const draft = toDraft({
      ...unlimited,
      note: 'x',
      access: list('POST /a', 'GET /b', 'PUT /b/{id}'),
    })
    expect(changeText(base, draft)).toBe('+2 added, −1 removed, note changed')
    const limited = { expiry: toExpiry('2027-02-24T13:00:00.000Z'), addresses: '10.0.0.0/8' }
    expect(changeText(base, { ...toDraft(base), ...limited })).toMatch(
      /^expires 24 Feb 2027, \d\d:00 \S+, from 10\.0\.0\.0\/8 alone$/,
    )
    expect(changeText(base, { ...toDraft(base), mode: 'full' })).toBe(
      'full access instead of a list',
    )
    expect(changeText({ ...unlimited, note: '', access: { mode: 'full' } }, toDraft(base))).toBe(
      'a list instead of full access',
    )
  })

  it('never turn a list into full access', () => {
    expect(draftAccess(toDraft({ ...unlimited, note: '', access: list(...ids) })).mode).toBe('list')
    expect(draftAccess(emptyDraft)).toEqual({ mode: 'list', operations: [] })
  })
})

describe('a draft put on a newer version', () => {
  it('is the newer version where the user changed nothing', () => {
    fc.assert(
      fc.property(editable, editable, (base, current) => {
        const draft = mergeDraft(base, toDraft(base), current)
        expect(draft.note).toBe(current.note)
        expect(sameAccess(draftAccess(draft), current.access)).toBe(true)
        expect(draft.expiry.at).toBe(current.expiresAt)
        expect(parseAddresses(draft.addresses)).toEqual(current.allowedAddresses)
      }),
    )
  })

  it('is the draft where nobody else changed anything', () => {
    fc.assert(
      fc.property(editable, editable, (base, wanted) => {
        const draft = mergeDraft(base, toDraft(wanted), base)
        expect(draft.note).toBe(wanted.note)
        expect(sameAccess(draftAccess(draft), wanted.access)).toBe(true)
      }),
    )
  })

  it('keeps what the user ticked and unticked, and takes what others did', () => {
    const base = { ...unlimited, note: 'old', access: list('GET /a', 'POST /a') }
    const draft = toDraft({ ...unlimited, note: 'mine', access: list('GET /a', 'GET /b') })
    const current = { ...unlimited, note: 'theirs', access: list('POST /a', 'PUT /b/{id}') }
    const merged = mergeDraft(base, draft, current)
    expect(merged.note).toBe('mine')
    expect(merged.selection).toEqual(new Set(['GET /b', 'PUT /b/{id}']))
  })

  it('keeps the limits people set, and takes those that others set', () => {
    const base = { ...unlimited, note: '', access: list('GET /a'), allowedAddresses: ['10.0.0.1'] }
    const mine = { ...toDraft(base), addresses: '10.0.0.1\n10.0.0.2' }
    const soon = '2027-02-24T13:00:00.000Z'
    const current = { ...base, expiresAt: soon, allowedAddresses: ['10.0.0.9'] }
    const merged = mergeDraft(base, mine, current)
    expect(merged.expiry.at).toBe(soon)
    expect(parseAddresses(merged.addresses)).toEqual(['10.0.0.9', '10.0.0.2'])
    const expiry = { choice: 'never', text: '', at: null } as const
    expect(
      mergeDraft({ ...base, expiresAt: soon }, { ...mine, expiry }, current).expiry.at,
    ).toBeNull()
  })
})

describe('Confirm', () => {
  it('says why it is off', () => {
    expect(confirmDisabledReason(emptyDraft, undefined)).toMatch(/at least one endpoint/)
    expect(confirmDisabledReason({ ...emptyDraft, mode: 'full' }, undefined)).toBeUndefined()
    const base = { ...unlimited, note: '', access: list('GET /a') }
    expect(confirmDisabledReason(toDraft(base), base)).toMatch(/Nothing has changed/)
    const unset = typeExpiry('', 0)
    expect(confirmDisabledReason({ ...toDraft(base), expiry: unset }, base)).toMatch(
      /when the key expires/,
    )
    expect(confirmDisabledReason({ ...toDraft(base), addresses: '10.0.0' }, base)).toMatch(
      /addresses/,
    )
  })

  it('draws the line for notes where the server does', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', '🔑', 'é'),
      minLength: 195,
      maxLength: 205,
    })
    fc.assert(
      fc.property(text, (note) => {
        const draft = { ...emptyDraft, mode: 'full' as const, note }
        expect(confirmDisabledReason(draft, undefined) === undefined).toBe(
          noteSchema.safeParse(note).success,
        )
        expect(characters(note)).toBe([...note].length)
      }),
    )
  })
})
