import type { Method } from '../../../contract/catalog/operation.ts'

const colours: Readonly<Record<Method, string>> = {
  GET: 'bg-get',
  POST: 'bg-post',
  PUT: 'bg-put',
  PATCH: 'bg-patch',
  DELETE: 'bg-delete',
}

/** A small bar that shows the share of each method in the granted operations. */
export function MethodBar({
  byMethod,
}: {
  byMethod: readonly { method: Method; count: number }[]
}) {
  return (
    <span
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn, not a file
      role="img"
      aria-label={byMethod.map(({ method, count }) => `${count} ${method}`).join(', ')}
      title={byMethod.map(({ method, count }) => `${count} ${method}`).join(' · ')}
      className="flex w-14 flex-none md:max-[90rem]:hidden gap-px overflow-hidden rounded-full"
    >
      {byMethod.map(({ method, count }) => (
        <span
          key={method}
          className={`h-1 min-w-1 ${colours[method]}`}
          style={{ flexGrow: count }}
        />
      ))}
    </span>
  )
}
