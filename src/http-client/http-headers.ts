/** Headers by name in lower case; a repeated header is an array, as in Node's `IncomingHttpHeaders`. */
export type HttpHeaders = Record<string, string | string[] | undefined>
