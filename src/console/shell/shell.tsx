import { Link, Outlet } from '@tanstack/react-router'
import { Braces, Server } from 'lucide-react'
import { useRef } from 'react'
import { MANAGEMENT_BASE } from '../../contract/routes.ts'
import { Toasts } from '../ui/toast.tsx'
import { Mark } from './mark.tsx'
import { ThemeSwitch } from './theme-switch.tsx'
import { useRouteFocus } from './use-route-focus.ts'

/**
 * What stands around every page: a sidebar, or a bar on top where the window is narrow. A host
 * that has a bar of its own above gives its height as `--host-bar`.
 */
export function Shell() {
  const main = useRef<HTMLElement>(null)
  useRouteFocus(main)
  return (
    <>
      <a
        href="#main"
        className="fixed top-2 left-2 z-70 -translate-y-16 rounded-sm bg-accent px-3 py-1.5 font-[550] text-on-accent focus-visible:translate-y-0"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to content
      </a>
      <div className="min-h-[calc(100dvh-var(--host-bar,0px))] xl:grid xl:grid-cols-[13.5rem_minmax(0,1fr)]">
        <header className="sticky top-(--host-bar,0px) z-30 flex h-13 items-center gap-2 border-b border-line bg-panel px-4 sm:px-6 lg:px-8 xl:h-[calc(100dvh-var(--host-bar,0px))] xl:flex-col xl:items-stretch xl:border-r xl:border-b-0 xl:px-2 xl:py-4">
          <Link
            to="/deployments"
            className="flex items-center gap-2 rounded-sm xl:mx-2 xl:mb-5"
            aria-label="Latchkey"
          >
            <Mark className="size-[1.375rem] flex-none" />
            <span className="text-lg font-semibold max-[23rem]:sr-only">Latchkey</span>
          </Link>
          <nav aria-label="Main" className="ml-2 xl:ml-0">
            <Link
              to="/deployments"
              className="flex h-8 items-center gap-2.5 rounded-sm px-2 text-muted hover:bg-hover hover:text-ink data-[status=active]:font-[550] data-[status=active]:text-ink xl:px-2.5 xl:data-[status=active]:bg-selected"
            >
              <Server className="size-4 max-xl:hidden" />
              Deployments
            </Link>
          </nav>
          <div className="ml-auto flex items-center gap-2 xl:mt-auto xl:ml-0 xl:flex-col xl:items-stretch xl:gap-3">
            <a
              href={`${MANAGEMENT_BASE}/openapi.json`}
              className="flex h-8 items-center gap-2.5 rounded-sm px-2 text-muted hover:bg-hover hover:text-ink xl:px-2.5"
            >
              <Braces className="size-4" />
              <span className="max-sm:sr-only">OpenAPI document</span>
            </a>
            <div className="xl:px-2">
              <ThemeSwitch />
            </div>
          </div>
        </header>
        <main
          ref={main}
          id="main"
          tabIndex={-1}
          className="min-w-0 px-4 pt-5 pb-16 outline-none sm:px-6 lg:px-8 xl:pt-6"
        >
          <div className="mx-auto max-w-[80rem]">
            <Outlet />
          </div>
        </main>
      </div>
      <Toasts />
    </>
  )
}
