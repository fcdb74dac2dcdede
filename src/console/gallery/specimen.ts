import type { ComponentType } from 'react'

/** Primitives under one heading of the gallery. */
export type Specimen = { title: string; content: ComponentType }
