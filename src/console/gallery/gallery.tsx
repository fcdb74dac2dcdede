import { useState } from 'react'
import { Toasts } from '../ui/overlays/toast.tsx'
import { specimens } from './specimens.tsx'

/** Every primitive in every state, light and dark side by side. Part of the demo's build only. */
export function Gallery() {
  useState(() => document.documentElement.classList.remove('dark'))
  return (
    <main className="grid min-h-dvh lg:grid-cols-2">
      <h1 className="sr-only">Gallery</h1>
      <Column scheme="Light" />
      <Column scheme="Dark" className="dark" />
      <Toasts />
    </main>
  )
}

function Column({ scheme, className = '' }: { scheme: string; className?: string }) {
  return (
    <section aria-label={scheme} className={`${className} min-w-0 bg-canvas p-4 text-ink sm:p-8`}>
      <h2 className="text-xl font-semibold">{scheme}</h2>
      {specimens.map(({ title, content: Content }) => (
        <section key={title} aria-label={`${title}, ${scheme}`} className="mt-8">
          <h3 className="mb-3 border-b border-line pb-1 font-semibold">{title}</h3>
          <div className="flex flex-wrap items-start gap-3">
            <Content />
          </div>
        </section>
      ))}
    </section>
  )
}
